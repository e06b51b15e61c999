using System.CommandLine;
using Experiments.Console;
using Experiments.Inspections;
using Experiments.Models;

namespace Experiments.Cli;

/// <summary><c>inspect MODEL</c>: what a model is, before it is run.</summary>
internal static class InspectCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> model = new("MODEL")
        {
            HelpName = "MODEL",
            Description =
                "What --model takes: a name, a folder, a single file, owner/name in the hub's cache, or several with commas between them.",
            DefaultValueFactory = _ => ModelRequest.DefaultModel,
            CompletionSources = { Completions.Models },
        };
        Option<string?> variant = new("--variant") { Description = "As other commands are told which weights to take.", HelpName = "NAME" };
        SingleFileChoice singleFile = new();
        Option<bool> json = new("--json") { Description = "One JSON object, with every key and file." };
        Command command = new DocumentedCommand(
            "inspect",
            "Says what a model is: its parts, what the denoiser reads of its text encoders, what is ignored and assumed. Reads no weights.",
            new("dlens-repro inspect ~/models/sd15", "on one screen"),
            new("dlens-repro inspect stabilityai/stable-diffusion-2-1", "a model in the hub's cache"),
            new("dlens-repro inspect IF-I-XL-v1.0,IF-II-L-v1.0 --json", "for a program"))
        {
            model, variant, json,
        };
        singleFile.AddTo(command);
        command.SetAction(parsed => InspectRun.Execute(
            parsed.GetRequiredValue(model),
            parsed.GetValue(variant),
            singleFile.Of(parsed, parsed.GetRequiredValue(model)),
            parsed.GetValue(json),
            terminal));
        return command;
    }
}
