using System.CommandLine;
using Experiments.Console;
using Experiments.Paper;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Cli;

/// <summary><c>paper</c>: every experiment, figure and table.</summary>
internal static class PaperCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string> models = ModelList.Make(
                "Embedded models, diffusers folders (of a cascade the one that holds its stages), "
                    + "and paper-df or paper-sd where their answers are; with commas between them."),
            results = ResultsOption.Make();
        Option<string?> release = new("--release") { Description = "Take over the authors' released answers first.", HelpName = "FOLDER" };
        Option<string?> seeds = new("--seeds") { Description = "Seeds of the noise, such as 0,1.", HelpName = "SEEDS" };
        Option<int?> limit = NumberOption.Whole("--limit", "At most so many prompts of each condition.", "N");
        SamplingOptions sampling = new();
        DocumentedCommand command = new(
            "paper",
            "Runs every experiment of the paper on the models, draws every figure and table, and writes one report of all.",
            new("dlens-repro paper", "the embedded model; minutes"),
            new(
                "dlens-repro paper --release ~/DiffusionLens",
                "beside it the paper's own two models, from the answers their authors published"),
            new("dlens-repro paper --limit 1 --seeds 0,1 --steps 4", "a look at how it goes"))
        {
            models, release, seeds, limit, results,
        };
        sampling.AddTo(command);
        command.IsResumable = true;
        command.SetAction(parsed => PaperRun.Execute(
            new PaperRequest
            {
                Models = ModelList.Of(parsed.GetRequiredValue(models)),
                Device = sampling.Device(parsed),
                DType = sampling.DType(parsed),
                Variant = sampling.Variant(parsed),
                Cleaning = sampling.Cleaning(parsed),
                Sampler = sampling.Sampler(parsed),
                Limits = new PlanLimits(Seeds: ListOption.Seeds(seeds.Name, parsed.GetValue(seeds)), Prompts: parsed.GetValue(limit)),
                Release = parsed.GetValue(release),
                Results = new ResultsRoot(parsed.GetRequiredValue(results)),
            },
            terminal));
        return command;
    }
}
