using System.CommandLine;
using DiffusionLens;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>export SPEC --label-studio FOLDER</c>, <c>--parquet FOLDER</c>: an experiment's results for other programs.</summary>
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
        Option<string?> parquet = new("--parquet")
        {
            Description = "Writes answers.parquet and measures.parquet, for Python, R or DuckDB.",
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
            "Writes an experiment's results for other programs: open questions for Label Studio, tables in Parquet.",
            new("dlens-repro run colors --annotators people --model ~/models/stable-diffusion-2-1", "first: the images and the questions"),
            new(
                "dlens-repro export colors --model ~/models/stable-diffusion-2-1 --label-studio ~/colors-project",
                "tasks.json, config.xml, images, and a README that says how to import them"),
            new("dlens-repro import --label-studio export.json", "then: the answers come back"),
            new("dlens-repro export colors --parquet tables", "answers.parquet and measures.parquet"))
        {
            spec, labelStudio, parquet, model, folder, results,
        };
        command.SetAction(parsed => ExportRun.Execute(
            parsed.GetRequiredValue(spec),
            parsed.GetRequiredValue(model),
            parsed.GetValue(folder),
            new ResultsRoot(parsed.GetRequiredValue(results)),
            parsed.GetValue(labelStudio) is null && parsed.GetValue(parquet) is null
                ? throw new BadInputException("export: say what to write, with --label-studio FOLDER or --parquet FOLDER")
                : new ExportTarget(parsed.GetValue(labelStudio), parsed.GetValue(parquet)),
            terminal.Output));
        return command;
    }
}
