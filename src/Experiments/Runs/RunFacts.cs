using System.Globalization;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Console;
using Experiments.Reports;
using Experiments.Results;
using Humanizer;

namespace Experiments.Runs;

/// <summary>A manifest as the report tells it.</summary>
internal static class RunFacts
{
    /// <summary>What was run on what, in a sentence.</summary>
    public static string Lead(RunManifest manifest) =>
        $"{manifest.Spec.Name} on {manifest.Model.Name}: {"prompt".ToQuantity(manifest.Prompts)}, "
            + $"{"layer".ToQuantity(manifest.Layers.Count)}, {"seed".ToQuantity(manifest.Seeds.Count)}; "
            + $"{"image".ToQuantity(manifest.Images)}.";

    /// <summary>The facts, line by line.</summary>
    public static IReadOnlyList<ReportFact> Of(RunManifest manifest) =>
        [
            new("Experiment", Named(manifest.Spec)),
            new("Model", Named(manifest.Model)),
            .. manifest.Assumed is { } assumed
                ? [new ReportFact("Assumed of the file", string.Join(". ", Assumption.Lines(assumed)))]
                : Array.Empty<ReportFact>(),
            new("Words", Named(manifest.Lexicon)),
            new("Answers by", string.Join(", ", manifest.Annotators)),
            .. manifest.Site is { } site ? new ReportFact[] { new("Looks at", site) } : [],
            .. manifest.Text is { } text ? new ReportFact[] { new("Prompts handled", text) } : [],
            .. manifest.MaxSequenceLength is { } tokens
                ? new ReportFact[] { new("Tokens of a prompt", tokens.ToString(CultureInfo.InvariantCulture)) } : [],
            .. manifest.Instruction is { } instruction ? [new ReportFact("Before prompts", instruction)] : Array.Empty<ReportFact>(),
            .. manifest.SoftCapping is { } capping ? [new ReportFact("Soft-capping", capping)] : Array.Empty<ReportFact>(),
            .. manifest.CleanText is { } cleaning ? [new ReportFact("Prompts mended by", cleaning)] : Array.Empty<ReportFact>(),
            new("Layers", string.Join(", ", manifest.Layers)),
            new("Seeds", string.Join(", ", manifest.Seeds)),
            new(
                "Machine",
                $"{manifest.Machine.Cpu}, {"core".ToQuantity(manifest.Machine.Cores)}, {manifest.Machine.Instructions}"
                    + (manifest.Threads is { } threads ? $", {string.Join(" and ", threads.Select(Threads))}; " : "; ")
                    + $"{manifest.Machine.OperatingSystem}"),
            new("Versions", string.Join(", ", manifest.Versions.Select(version => $"{version.Key} {version.Value}"))),
            new(
                "Times",
                string.Join(", ", manifest.Stages.Select(stage => $"{stage.Key} {Duration.Say(TimeSpan.FromSeconds(stage.Value.Seconds))}"))
            ),
        ];

    private static string Threads(int number) => "thread".ToQuantity(number);

    private static string Named(NamedHash thing) => $"{thing.Name} (SHA-256 {thing.Sha256[..12]})";
}
