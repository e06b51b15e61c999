using System.Globalization;
using DiffusionLens.Families;
using Experiments.Inspections;
using Experiments.Reports;
using Experiments.Results;

namespace Experiments.Runs;

/// <summary>What a model reads of a prompt and how it was sampled, as a report tells it.</summary>
internal static class ModelFacts
{
    /// <summary>The facts of one model.</summary>
    /// <param name="inspection">What it is.</param>
    /// <param name="manifest">What was run on it.</param>
    public static ReportCard Of(ModelInspection inspection, RunManifest manifest) => new(
        manifest.Model.Name,
        [
            .. from fact in All(inspection, manifest)
               where fact.Value.Length > 0
               select fact,
        ]);

    private static IEnumerable<ReportFact> All(ModelInspection inspection, RunManifest manifest)
    {
        long parameters = inspection.Parts.SelectMany(part => part.Weights).Sum(share => share.Parameters);
        yield return new ReportFact(
            "Model",
            $"{inspection.Family} ({string.Join(" and ", inspection.Stages.Select(stage => stage.PipelineClass))}), "
                + $"{InspectionWords.Count(parameters)} parameters");
        if (inspection.Description is { } description)
        {
            yield return new ReportFact("Reads", Lines(InspectionWords.Reads(description)));
            yield return new ReportFact("Pooled", Lines(InspectionWords.PooledReads(description)));
            yield return new ReportFact(
                "Lens",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"at layer l every read of h^i becomes one of h^min(i, l); norm, mask, positions and joining stay. Layer "
                        + $"{description.LayerCount} is the model's own image"));
        }

        yield return new ReportFact("Tokens", Lines(InspectionWords.Tokenizers(inspection)));
        yield return new ReportFact(
            "Sampler", $"{manifest.Sampler}{(manifest.SamplerNote is { } note ? $" ({note})" : "")}");
        yield return new ReportFact("Its own sampler", Lines(InspectionWords.Samplers(inspection)));
        yield return new ReportFact("Computed in", $"{manifest.Dtype} on {manifest.Device}");
        yield return new ReportFact("Assumed", Lines(inspection.Assumptions));
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
