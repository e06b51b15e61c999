using System.CommandLine;
using Experiments.Console;
using Experiments.Paper;

namespace Experiments.Cli;

/// <summary><c>paper</c>: every experiment, figure and table.</summary>
internal static class PaperCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string?> release = new("--release") { Description = "Take over the authors' released answers first.", HelpName = "FOLDER" };
        SuiteOptions options = new(
            "Embedded models, diffusers folders (of a cascade the one that holds its stages), single files, "
                + "and paper-df or paper-sd where their answers are; with commas between them.");
        DocumentedCommand command = new(
            "paper",
            "Runs every experiment of the paper on the models, draws every figure and table, and writes one report of all.",
            new("dlens-repro paper", "the embedded model; minutes"),
            new(
                "dlens-repro paper --release ~/DiffusionLens",
                "beside it the paper's own two models, from the answers their authors published"),
            new("dlens-repro paper --limit 1 --seeds 0,1 --steps 4 --results out/look", "a look at how it goes"));
        options.AddTo(command);
        command.Add(release);
        command.IsResumable = true;
        command.SetAction(parsed => PaperRun.Execute(options.Of(parsed), parsed.GetValue(release), terminal));
        return command;
    }
}
