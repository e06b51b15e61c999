using Experiments.Results;

namespace Experiments.Runs;

/// <summary>What one image takes, as far as runs that were made before tell.</summary>
/// <param name="BytesEach">Bytes of a file; null where there is no image yet.</param>
/// <param name="SecondsEach">Seconds of one process; null where nothing like it was run on such a machine.</param>
/// <param name="SecondsFrom">The file that tells the seconds; null where none does.</param>
internal sealed record ImageCosts(double? BytesEach, double? SecondsEach, string? SecondsFrom)
{
    private const int ImagesLookedAt = 1000;

    /// <summary>Looks at the folder's own images and records, then at other experiments on the same model beside it.</summary>
    /// <param name="run">What is to be run.</param>
    /// <param name="folder">Its results.</param>
    /// <param name="root">Where other results are.</param>
    public static ImageCosts Of(RunManifest run, ResultsFolder folder, ResultsRoot root)
    {
        ResultsFolder[] others = [.. Others(root, run)];
        Timing? timing = ShardTiming(folder, run) ?? ManifestTiming(folder, run)
            ?? others.Select(other => ManifestTiming(other, run)).FirstOrDefault(found => found is not null);
        double? size = MeanSize(folder) ?? others.Select(MeanSize).FirstOrDefault(mean => mean is not null);
        return new ImageCosts(size, timing is null ? null : timing.Seconds / timing.Images, timing?.From);
    }

    private static double? MeanSize(ResultsFolder folder)
    {
        long[] sizes = Directory.Exists(folder.Images)
            ? [
                .. new DirectoryInfo(folder.Images).EnumerateFiles("*.png", SearchOption.AllDirectories)
                    .Take(ImagesLookedAt)
                    .Select(file => file.Length),
            ]
            : [];
        return sizes.Length > 0 ? sizes.Average() : null;
    }

    private static Timing? ShardTiming(ResultsFolder folder, RunManifest run)
    {
        ImagesMadeBy[] made =
        [
            .. ShardRecord.ReadAll(folder)
                .Where(shard => IsLike(shard.Record.Run, run))
                .SelectMany(shard => shard.Record.MadeBy)
                .Where(made => made.Images > 0),
        ];
        return made.Length == 0 ? null : new Timing(made.Sum(part => part.Seconds), made.Sum(part => part.Images), folder.Shards);
    }

    private static Timing? ManifestTiming(ResultsFolder folder, RunManifest run) =>
        RunManifest.Read(folder) is { Images: > 0 } there && IsLike(there, run)
        && there.Stages.GetValueOrDefault(nameof(Stage.Images).ToLowerInvariant()) is { Done: true, Seconds: > 0 } images
            ? new Timing(images.Seconds, there.Images, folder.Manifest)
            : null;

    private static IEnumerable<ResultsFolder> Others(ResultsRoot root, RunManifest run) => !Directory.Exists(root.Path) ? []
        : Directory.EnumerateDirectories(root.Path).Order(StringComparer.Ordinal)
            .Select(experiment => new ResultsFolder(Path.Combine(experiment, run.Model.Name)))
            .Where(folder => RunManifest.Read(folder) is { } there && IsLike(there, run));

    private static bool IsLike(RunManifest one, RunManifest other) =>
        one.Model.Sha256 == other.Model.Sha256 && one.Sampler == other.Sampler && one.Dtype == other.Dtype && one.Device == other.Device
        && one.Machine.Cpu == other.Machine.Cpu;

    private sealed record Timing(double Seconds, int Images, string From);
}
