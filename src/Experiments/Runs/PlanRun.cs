using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionLens;
using Experiments.Catalog;
using Experiments.Clusters;
using Experiments.Console;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Humanizer;

namespace Experiments.Runs;

/// <summary><c>plan</c>: how much an experiment is, in parts for schedulers. Nothing is written and no model loaded.</summary>
internal static class PlanRun
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints the plan.</summary>
    /// <param name="request">What is to be run.</param>
    /// <param name="models">On which models.</param>
    /// <param name="shards">Into how many parts its images are to be parted.</param>
    /// <param name="form">In which form.</param>
    /// <param name="arguments">The command line of the whole run, behind the program's name.</param>
    /// <param name="terminal">Where to.</param>
    /// <exception cref="BadInputException">Something in the request, the spec or a model is not right.</exception>
    public static void Execute(
        RunRequest request,
        IReadOnlyList<ModelReference> models,
        int shards,
        PlanForm form,
        IReadOnlyList<string> arguments,
        Terminal terminal)
    {
        Asset file = AssetCatalog.Experiments.Find(request.Spec);
        Spec spec = ExperimentReader.Read(file.Path) as Spec ?? throw new BadInputException(
            $"{file.Path}: compares answers of other experiments and makes no images, so there is nothing to part; plan those");
        PlannedRun[] runs = [.. models.Select(model => Planned(request, model, models.Count, file, spec, shards))];
        switch (form)
        {
            case PlanForm.Json:
                terminal.Output.Write(JsonSerializer.Serialize(Content(runs, shards, arguments), Json) + "\n");
                break;
            case PlanForm.Commands:
                foreach (Shard shard in Shard.All(shards))
                {
                    terminal.Output.WriteLine(ShellWords.Join([.. ThisProgram.Words, .. OfShard(arguments, shard)]));
                }

                break;
            default:
                foreach (PlannedRun run in runs)
                {
                    Tell(run, terminal.Output);
                }

                break;
        }
    }

    private static PlannedRun Planned(RunRequest request, ModelReference model, int models, Asset file, Spec spec, int shards)
    {
        string? folder = models == 1 ? request.Out
            : Path.Combine(request.Out ?? ResultsRoot.Default.OfExperiment(spec.Name), model.Name);
        using Preparation prepared = new(request with { Model = request.Model with { Model = model.Text }, Out = folder }, file, spec);
        ImageCosts costs = ImageCosts.Of(prepared.Manifest, prepared.Folder, ResultsRoot.Default);
        return new PlannedRun(
            prepared.Manifest,
            prepared.Folder,
            costs,
            ShardEstimate.Of(prepared.Plan, prepared, costs),
            [.. Shard.Parts(prepared.Plan, shards).Select(part => ShardEstimate.Of(part, prepared, costs))]);
    }

    private static object Content(PlannedRun[] runs, int shards, IReadOnlyList<string> arguments) => new
    {
        Version = 1,
        Runs = runs.Select(run => new
        {
            Experiment = Path.GetFileNameWithoutExtension(run.Manifest.Spec.Name),
            run.Manifest.Spec,
            run.Manifest.Model,
            Results = run.Folder.Path,
            run.Manifest.Sampler,
            run.Manifest.Dtype,
            run.Manifest.Device,
            run.Manifest.Layers,
            run.Manifest.Seeds,
            run.Whole.Prompts,
            run.Whole.Images,
            run.Whole.ToMake,
            run.Whole.Answers,
            run.Whole.Bytes,
            run.Whole.Seconds,
            run.Costs.SecondsFrom,
            Shards = run.Shards.Zip(Shard.All(shards)).Select(part => new
            {
                Shard = part.Second.ToString(),
                part.First.Prompts,
                part.First.Images,
                part.First.ToMake,
                part.First.Answers,
                part.First.Bytes,
                part.First.Seconds,
                Record = run.Folder.Shard(part.Second.FileName),
            }),
            run.Folder.Report,
        }),
        Shards = Shard.All(shards).Select(shard => new { Shard = shard.ToString(), Arguments = OfShard(arguments, shard) }),
        Whole = new { Arguments = arguments },
    };

    private static IReadOnlyList<string> OfShard(IReadOnlyList<string> arguments, Shard shard) =>
        [.. arguments, "--shard", shard.ToString()];

    private static void Tell(PlannedRun run, TextWriter output)
    {
        output.WriteLine(
            $"{run.Manifest.Spec.Name} on {run.Manifest.Model.Name}: {"prompt".ToQuantity(run.Whole.Prompts)}, "
                + $"{"image".ToQuantity(run.Whole.Images)}, {run.Whole.ToMake} to make, {run.Whole.Answers} answers{Costs(run.Whole)}");
        output.WriteLine($"results     {run.Folder}");
        if (run.Costs.SecondsFrom is { } from)
        {
            output.WriteLine($"time        as in {from}");
        }

        if (run.Shards.Count == 1)
        {
            return;
        }

        foreach ((ShardEstimate part, Shard shard) in run.Shards.Zip(Shard.All(run.Shards.Count)))
        {
            string name = $"shard {shard}";
            output.WriteLine(
                $"{name,-12}{"prompt".ToQuantity(part.Prompts)}, {"image".ToQuantity(part.Images)}, {part.ToMake} to make, "
                    + $"{part.Answers} answers{Costs(part)}");
        }
    }

    private static string Costs(ShardEstimate part) =>
        (part.Bytes is { } bytes ? $", {bytes.Bytes().ToString("0.#", CultureInfo.InvariantCulture)}" : "")
            + (part.Seconds is { } seconds ? $", {Duration.Say(TimeSpan.FromSeconds(seconds))}" : "");

    private sealed record PlannedRun(
        RunManifest Manifest, ResultsFolder Folder, ImageCosts Costs, ShardEstimate Whole, IReadOnlyList<ShardEstimate> Shards);
}

/// <summary>How a plan is printed.</summary>
internal enum PlanForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>A line of shell for each shard.</summary>
    Commands,
}
