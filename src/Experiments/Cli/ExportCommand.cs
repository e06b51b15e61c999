using System.CommandLine;
using DiffusionLens;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>export SPEC --label-studio FOLDER</c>: an experiment's open questions for another program.</summary>
internal static class ExportCommand
{
    public static Command Make(Terminal terminal)
    {
        Argument<string> spec = new("SPEC")
        {
            HelpName = "SPEC",
            Description = "An experiment whose images are there: a name from 'list', or a YAML file of your own.",
            CompletionSources = { Completions.Specs },
        };
        Option<string?> labelStudio = new("--label-studio")
        {
            Description = "Writes a project for Label Studio: tasks, labeling interface, images, and how to import it.",
            HelpName = "FOLDER",
        };
        Option<string> model = new("--model")
        {
            Description = "The model, as 'run' had it.",
            HelpName = "NAME|FOLDER",
            DefaultValueFactory = _ => ModelRequest.DefaultModel,
            CompletionSources = { Completions.Models },
        };
        Option<string?> folder = new("--out") { Description = "The results folder, as 'run' had it.", HelpName = "FOLDER" };
        Option<string> results = ResultsOption.Make();
        Command command = new DocumentedCommand(
            "export",
            "Writes the questions that people have not answered as a project for another program.",
            new("dlens-repro run colors --annotators people --model ~/models/stable-diffusion-2-1", "first: the images and the questions"),
            new(
                "dlens-repro export colors --model ~/models/stable-diffusion-2-1 --label-studio ~/colors-project",
                "tasks.json, config.xml, images, and a README that says how to import them"),
            new("dlens-repro import --label-studio export.json", "then: the answers come back"))
        {
            spec, labelStudio, model, folder, results,
        };
        command.SetAction(parsed => ExportRun.Execute(
            parsed.GetRequiredValue(spec),
            parsed.GetRequiredValue(model),
            parsed.GetValue(folder),
            new ResultsRoot(parsed.GetRequiredValue(results)),
            parsed.GetValue(labelStudio) ?? throw new BadInputException("export: say for which program, with --label-studio FOLDER"),
            terminal.Output));
        return command;
    }
}
