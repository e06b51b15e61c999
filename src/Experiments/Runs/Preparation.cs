using System.Reflection;
using DiffusionLens;
using Experiments.Catalog;
using Experiments.Images;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Humanizer;
using MiniWorld;
using MiniWorld.Recognition;

namespace Experiments.Runs;

/// <summary>All that is settled before any work: what goes in, what will be made, and where.</summary>
/// <param name="SpecFile">The experiment's file.</param>
/// <param name="ModelFolders">The model's folder, or those of its stages.</param>
/// <param name="Model">The model.</param>
/// <param name="Lexicon">The model's words.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Sampler">How images are sampled, with scheduler, steps and guidance given.</param>
/// <param name="Folder">The results folder.</param>
/// <param name="Manifest">The manifest of the results, with no stages.</param>
internal sealed record Preparation(
    Asset SpecFile, ModelReference ModelFolders, ModelInfo Model, Lexicon Lexicon, Plan Plan, SamplerSpec Sampler, string Folder, RunManifest Manifest)
{
    /// <summary>What determines the images.</summary>
    public Recipe Recipe => new(
        Manifest.Model.Sha256, Sampler.Scheduler!, Sampler.Steps!.Value, Sampler.Guidance!.Value, Sampler.Height, Sampler.Width, Manifest.Dtype, Sampler.SuperResolution, Manifest.Variant);

    /// <summary>Reads and checks what goes in. Nothing is written and no model loaded.</summary>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="BadInputException">Something is not right; says what would be.</exception>
    public static Preparation Of(RunRequest request)
    {
        Asset specFile = AssetCatalog.Experiments.Find(request.Spec);
        ModelReference modelFolders = ModelReference.Find(request.Model.Model);
        Spec spec = SpecReader.Read(specFile.Path);
        ModelInfo model = ModelInfo.Read(modelFolders.Paths);
        SamplerSpec sampler = request.Sampler.Over(spec.Sampler, model);
        Asset lexiconFile = AssetCatalog.Lexicons.Find(model.Lexicon);
        Lexicon lexicon = Lexicon.Load(lexiconFile.Path);
        Plan plan = Planner.Make(spec, lexicon, model.LayerCount, request.Limits);
        if (request.Only is null or > Stage.Answers)
        {
            CheckLastLayer(plan);
        }

        if ((request.Only is null or Stage.Answers) && model.Recognizer is string recognizer)
        {
            CheckWords(plan, RecognizerConfig.Read(Path.Combine(recognizer, "config.json")));
        }

        RunManifest manifest = new()
        {
            Spec = new NamedHash(Path.GetFileName(spec.Path), spec.Sha256),
            Lexicon = new NamedHash(model.Lexicon, Fingerprint.OfFile(lexiconFile.Path)),
            Model = new NamedHash(model.Name, ModelInfo.Sha256Of(model.Folders)),
            Recognizer = model.Recognizer is null ? null : new NamedHash(Path.GetFileName(model.Recognizer), ModelInfo.Sha256Of(model.Recognizer)),
            Sampler = sampler,
            Dtype = request.Model.DType,
            Device = request.Model.Device,
            Variant = request.Model.Variant,
            Prompts = plan.Prompts.Count,
            Layers = plan.Layers,
            Seeds = plan.Seeds,
            Images = plan.ImageCount,
            Versions = Versions(),
            Machine = Machine.Here(),
            Stages = new Dictionary<string, StageRecord>(),
        };
        return new Preparation(specFile, modelFolders, model, lexicon, plan, sampler, request.Out ?? Path.Combine("results", spec.Name, model.Name), manifest);
    }

    /// <summary>Says what will be run.</summary>
    public void Tell(TextWriter output)
    {
        output.WriteLine($"experiment  {Plan.Spec.Name}: {Plan.Spec.Title} ({SpecFile})");
        output.WriteLine($"model       {ModelFolders}, {Manifest.Dtype} on {Manifest.Device}, {FormattableString.Invariant($"{Sampler.Scheduler}, {Sampler.Steps} steps, guidance {Sampler.Guidance}")}");
        output.WriteLine($"plan        {"prompt".ToQuantity(Plan.Prompts.Count)} x {"layer".ToQuantity(Plan.Layers.Count)} x {"seed".ToQuantity(Plan.Seeds.Count)} = {"image".ToQuantity(Plan.ImageCount)}, {"answer".ToQuantity(Plan.Questions.Count * Plan.Layers.Count * Plan.Seeds.Count)}");
        output.WriteLine($"results     {Folder}");
    }

    /// <summary>Says what the plan holds, prompt by prompt.</summary>
    public void TellPlan(TextWriter output)
    {
        output.WriteLine($"layers      {string.Join(", ", Plan.Layers)} of 0 to {Plan.LastLayer}");
        output.WriteLine($"seeds       {string.Join(", ", Plan.Seeds)}");
        foreach (PlannedPrompt prompt in Plan.Prompts)
        {
            output.WriteLine($"prompt {prompt.Number,-4} {prompt.Condition}: {prompt.Text}");
        }

        int missing = ImagesStage.MissingCount(Plan, Recipe, Folder);
        output.WriteLine($"To make: {missing} images; {Plan.ImageCount - missing} are there.");
    }

    private static void CheckLastLayer(Plan plan)
    {
        if (plan.Spec.NeedsLastLayer && !plan.Layers.Contains(plan.LastLayer))
        {
            throw new BadInputException(
                $"--layers: the figures are about rows that are right in the last layer; add {plan.LastLayer}, or make images alone with --only images");
        }
    }

    private static void CheckWords(Plan plan, RecognizerConfig recognizer)
    {
        foreach (PlannedQuestion question in plan.Questions)
        {
            if (recognizer.UnknownWord(question.Query) is string word)
            {
                throw new BadInputException(
                    $"{plan.Spec.Path}: prompt '{question.Prompt.Text}' of '{question.Prompt.Condition}': the model's recognizer does not know '{word}' and cannot answer '{question.Name}'; "
                    + "use words that it knows, or make images alone with --only images");
            }
        }
    }

    private static Dictionary<string, string> Versions() => new()
    {
        ["dlens_repro"] = typeof(Preparation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
        ["dotnet"] = Environment.Version.ToString(),
        ["torchsharp"] = VersionOf(typeof(TorchSharp.torch)),
        ["skiasharp"] = VersionOf(typeof(SkiaSharp.SKBitmap)),
        ["scottplot"] = VersionOf(typeof(ScottPlot.Plot)),
    };

    private static string VersionOf(Type type) =>
        (type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? type.Assembly.GetName().Version!.ToString())
        .Split('+')[0];
}
