using System.CommandLine;
using Experiments.Console;
using Experiments.Merging;

namespace Experiments.Cli;

/// <summary><c>merge FOLDER...</c>: joins what was made in several results folders.</summary>
internal static class MergeCommand
{
    private const int MostLevels = 255;

    public static Command Make(Terminal terminal)
    {
        Argument<string[]> folders = new("FOLDER")
        {
            HelpName = "FOLDER",
            Description = "Results folders of one experiment on one model.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> target = new("--out")
        {
            Description = "The folder to join them in; what is there already counts as the first of them.",
            HelpName = "FOLDER",
            Required = true,
        };
        Option<int?> tolerance = NumberOption.Whole(
            "--tolerance",
            "Join images of several kinds of machines too; those that several folders have may differ by so many levels of 255.",
            "LEVELS",
            least: 0,
            most: MostLevels);
        DocumentedCommand command = new(
            "merge",
            "Joins results folders: images and answers, each once. What contradicts another folder is named, and nothing is written.",
            new("dlens-repro merge here/colors there/colors --out results/colors/mini-sd", "shards that were made apart"),
            new("dlens-repro merge a100/ h100/ --out both --tolerance 2", "of two kinds of graphics cards"))
        {
            folders, target, tolerance,
        };
        command.IsResumable = true;
        command.SetAction(parsed => MergeRun.Execute(
            parsed.GetRequiredValue(folders), parsed.GetRequiredValue(target), parsed.GetValue(tolerance), terminal));
        return command;
    }
}
