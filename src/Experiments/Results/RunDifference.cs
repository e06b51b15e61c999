using DiffusionLens.Weights.SingleFiles;
using Experiments.Specs;

namespace Experiments.Results;

/// <summary>
/// In what two runs differ whose images do not belong together. Which prompts, layers and seeds they have does not matter: their images can
/// stand side by side.
/// </summary>
internal static class RunDifference
{
    /// <summary>The first thing in which they differ, with both values; null where their images belong together.</summary>
    /// <param name="one">A run.</param>
    /// <param name="other">Another.</param>
    public static string? Between(RunManifest one, RunManifest other) =>
        Files(one).Zip(Files(other))
            .Where(pair => pair.First.File.Sha256 != pair.Second.File.Sha256)
            .Select(pair => $"{pair.First.Role} {Shown(pair.First.File)} and {Shown(pair.Second.File)}")
            .Concat(Settings(one).Zip(Settings(other))
                .Where(pair => pair.First != pair.Second)
                .Select(pair => $"{pair.First.Name} {pair.First.Value ?? "none"} and {pair.Second.Value ?? "none"}"))
            .FirstOrDefault();

    private static InFile[] Files(RunManifest run) => [new("spec", run.Spec), new("model", run.Model), new("lexicon", run.Lexicon)];

    private static Setting[] Settings(RunManifest run) =>
    [
        new("dtype", run.Dtype),
        new("sampler", $"{run.Sampler}{Size(run.Sampler)}"),
        new("second stage", run.Sampler.SuperResolution?.ToString()),
        new("assumptions", run.Assumed is null ? null : string.Join(". ", Assumption.Lines(run.Assumed))),
        new("max_sequence_length", run.MaxSequenceLength?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("instruction", run.Instruction),
        new("soft_capping", run.SoftCapping),
        new("site", run.Site),
        new("text", run.Text),
    ];

    private static string Size(SamplerSpec sampler) =>
        sampler.Height is null && sampler.Width is null ? "" : FormattableString.Invariant($", {sampler.Width}x{sampler.Height}");

    private static string Shown(NamedHash file) => $"{file.Name} ({file.Sha256[..Math.Min(file.Sha256.Length, 12)]})";

    private sealed record InFile(string Role, NamedHash File);

    private sealed record Setting(string Name, string? Value);
}
