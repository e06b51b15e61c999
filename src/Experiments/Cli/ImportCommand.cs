using System.CommandLine;
using Experiments.Console;
using Experiments.Import;
using Experiments.Results;

namespace Experiments.Cli;

/// <summary><c>import FOLDER</c>: the answers that the paper's authors published.</summary>
internal static class ImportCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> folder = new("FOLDER")
        {
            Description = "A clone of the authors' repository, with human_annotations and gpt_annotations in it.",
        };
        Option<string> results = ResultsOption.Make();
        Command command = new DocumentedCommand(
            "import",
            "Takes over the answers that the paper's authors published, as those of the models paper-df and paper-sd.",
            new("dlens-repro import ~/DiffusionLens", "says of every file what was read, and what was skipped and why"),
            new("dlens-repro figures --model paper-df,paper-sd", "then: the paper's own figures"))
        {
            folder, results,
        };
        command.SetAction(parsed =>
            ImportRun.Execute(parsed.GetRequiredValue(folder), new ResultsRoot(parsed.GetRequiredValue(results)), terminal));
        return command;
    }
}
