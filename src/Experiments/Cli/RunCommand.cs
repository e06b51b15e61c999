using System.CommandLine;
using Experiments.Console;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary><c>run SPEC</c>: an experiment from its spec to its report.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Make(Terminal terminal)
    {
        Argument<string> spec = new("SPEC")
        {
            HelpName = "SPEC",
            Description = "An experiment: a name from 'list', or a YAML file of your own.",
            CompletionSources = { Completions.Specs },
        };
        Option<string?> only = new("--only") { Description = "One stage alone.", HelpName = "images|answers|measures|figures|report" };
        only.AcceptOnlyFromAmong([.. Enum.GetNames<Stage>().Select(name => name.ToLowerInvariant())]);
        Option<string?> layers = new("--layers")
        {
            Description = "0,4,8, or all, or last, or 'every 4', or 'every 1/6' (counted back from the last).",
            HelpName = "LAYERS",
        };
        Option<string?> seeds = new("--seeds") { Description = "Seeds of the noise, such as 0,1.", HelpName = "SEEDS" };
        Option<int?> limit = NumberOption.Whole("--limit", "At most so many prompts of each condition.", "N");
        Option<string?> folder = new("--out")
        {
            Description = "Results folder; results/EXPERIMENT/MODEL if not given. Of several models each has a folder of its name in it.",
            HelpName = "FOLDER",
        };
        Option<string?> annotators = new("--annotators")
        {
            Description = "Who answers, the main one first: what the spec says, else the recognizer that the model names, else people.",
            HelpName = string.Join(',', AnnotatorKinds.All),
        };
        Option<bool> force = new("--force") { Description = "Make again what is there." };
        Option<bool> dryRun = new("--dry-run") { Description = "Show the plan and how many images it needs, and do nothing." };
        VisionOptions vision = new();
        ClipOptions clip = new();
        Option<string?> calibration = CalibrationOption.Make();
        SiteOptions site = new();
        TextOptions text = new();
        ModelOptions model = new(" Several models, also with commas: one report shows them side by side.");

        DocumentedCommand command = new(
            Name,
            "Runs an experiment: images, answers, measures, figures, report. Does only what is missing.",
            new("dlens-repro colors.yaml", "the whole line on the embedded model; 'run' may be left out"),
            new("dlens-repro colors --limit 2 --seeds 0", "a quick look: two prompts of each condition, one seed"),
            new("dlens-repro run colors --dry-run", "what would be made"),
            new(
                "dlens-repro colors --model ~/models/stable-diffusion-2-1 --device cuda --dtype float16",
                "the same experiment on your own Stable Diffusion"),
            new(
                "dlens-repro colors --model IF-I-XL-v1.0,IF-II-L-v1.0 --device cuda --dtype bfloat16",
                "or on your own DeepFloyd IF: the folders of its two stages"),
            new("dlens-repro colors --model mini-sd,mini-if", "on both embedded models, with a report that shows them side by side"),
            new("dlens-repro my.yaml --only figures", "draw again, from the measures that are there"))
        {
            spec, only, layers, seeds, limit, annotators, folder, force, dryRun,
        };
        vision.AddTo(command);
        clip.AddTo(command);
        command.Options.Add(calibration);
        site.AddTo(command);
        text.AddTo(command);
        model.AddTo(command);
        command.IsResumable = true;
        command.SetAction(parsed => ModelsRun.Execute(
            new RunRequest
            {
                Spec = parsed.GetRequiredValue(spec),
                Model = model.Model(parsed),
                Sampler = model.Sampler(parsed),
                Site = site.Site(parsed),
                Text = text.Text(parsed) with { Length = model.Length(parsed) },
                Limits = new PlanLimits(
                    parsed.GetValue(layers) is string choice ? LayerChoiceReader.Read(choice, layers.Name) : null,
                    ListOption.Seeds(seeds.Name, parsed.GetValue(seeds)),
                    parsed.GetValue(limit)),
                Annotators = ListOption.Names(annotators.Name, parsed.GetValue(annotators), AnnotatorKinds.All),
                Vision = vision.Vision(parsed),
                Clip = clip.Clip(parsed),
                Calibration = parsed.GetValue(calibration),
                Only = parsed.GetValue(only) is string stage ? Enum.Parse<Stage>(stage, ignoreCase: true) : null,
                Out = parsed.GetValue(folder),
                Force = parsed.GetValue(force),
                DryRun = parsed.GetValue(dryRun),
            },
            ModelReference.FindAll(model.Model(parsed).Model),
            terminal));
        return command;
    }
}
