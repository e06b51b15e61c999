using System.CommandLine;
using Experiments.Beyond;
using Experiments.Console;

namespace Experiments.Cli;

/// <summary><c>beyond</c>: every experiment of the papers that followed.</summary>
internal static class BeyondCommand
{
    public static Command Make(Terminal terminal)
    {
        SuiteOptions options = new(
            "Embedded models, diffusers folders (of a cascade the one that holds its stages), and single files; with commas between them.");
        DocumentedCommand command = new(
            "beyond",
            "Runs the experiments that followed the paper (tokens, padding, parts of blocks, skipped layers) on the models, and writes one "
                + "report of all, with what is concluded.",
            new("dlens-repro beyond", "the embedded model; minutes"),
            new("dlens-repro beyond --model mini-sd,mini-if,mini-mmdit", "the embedded models side by side"),
            new("dlens-repro beyond --limit 1 --seeds 0,1 --steps 4 --results out/look", "a look at how it goes"));
        options.AddTo(command);
        command.IsResumable = true;
        command.SetAction(parsed => BeyondRun.Execute(options.Of(parsed), terminal));
        return command;
    }
}
