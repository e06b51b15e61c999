using System.CommandLine;
using DiffusionLens;
using Experiments.Console;
using Experiments.HuggingFace;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>export SPEC</c> with <c>--label-studio</c>, <c>--parquet</c> or <c>--huggingface</c>: an experiment's results for other
/// programs.</summary>
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
        Option<string?> huggingFace = new("--huggingface")
        {
            Description = "Writes a dataset for the Hugging Face hub: images with metadata.jsonl, tables in Parquet, a dataset card.",
            HelpName = "FOLDER",
        };
        Option<string?> license = new("--license")
        {
            Description = "The dataset's license, by its name on the hub; cc-by-4.0 for the tool's own models, else unknown if not given.",
            HelpName = "NAME",
        };
        Option<string?> calibration = new("--calibration")
        {
            Description = "A calibration.csv of 'calibrate', for what the card says annotators are worth.",
            HelpName = "FILE",
        };
        Option<bool> names = new("--annotator-names")
        {
            Description = "Keeps people's names, and when they answered, in the dataset; otherwise they have numbers.",
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
            "Writes an experiment's results for other programs: open questions for Label Studio, a dataset for the Hugging Face hub, "
                + "tables in Parquet.",
            new("dlens-repro run colors --annotators people --model ~/models/stable-diffusion-2-1", "first: the images and the questions"),
            new(
                "dlens-repro export colors --model ~/models/stable-diffusion-2-1 --label-studio ~/colors-project",
                "tasks.json, config.xml, images, and a README that says how to import them"),
            new("dlens-repro import --label-studio export.json", "then: the answers come back"),
            new("dlens-repro export colors --parquet tables", "answers.parquet and measures.parquet"),
            new(
                "dlens-repro export colors --huggingface colors-mini-sd",
                "a dataset that datasets.load_dataset and the hub's viewer read, with its card; "
                    + "share it with: hf upload OWNER/NAME colors-mini-sd --repo-type dataset"))
        {
            spec, labelStudio, parquet, huggingFace, license, calibration, names, model, folder, results,
        };
        command.SetAction(parsed => ExportRun.Execute(
            parsed.GetRequiredValue(spec),
            parsed.GetRequiredValue(model),
            parsed.GetValue(folder),
            new ResultsRoot(parsed.GetRequiredValue(results)),
            Target(parsed),
            terminal.Output));
        return command;

        ExportTarget Target(ParseResult parsed)
        {
            DatasetRequest? dataset = parsed.GetValue(huggingFace) is { } target
                ? new DatasetRequest(target)
                {
                    License = parsed.GetValue(license),
                    KeepsNames = parsed.GetValue(names),
                    Calibration = parsed.GetValue(calibration),
                }
                : null;
            ExportTarget wanted = new(parsed.GetValue(labelStudio), parsed.GetValue(parquet), dataset);
            bool hasOptions = parsed.GetValue(license) is not null || parsed.GetValue(calibration) is not null || parsed.GetValue(names);
            return wanted is { LabelStudio: null, Parquet: null, Dataset: null }
                ? throw new BadInputException(
                    "export: say what to write, with --label-studio FOLDER, --parquet FOLDER or --huggingface FOLDER")
                : dataset is null && hasOptions
                    ? throw new BadInputException(
                        "--license, --calibration and --annotator-names are about a dataset; give --huggingface FOLDER too")
                    : wanted;
        }
    }
}
