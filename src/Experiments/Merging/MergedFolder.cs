using DiffusionLens;
using Experiments.Results;

namespace Experiments.Merging;

/// <summary>A results folder that is to be joined with others, and what is noted of how its images were made.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Records">The records of its shards; of a whole run one, made of its manifest.</param>
internal sealed record MergedFolder(ResultsFolder Folder, IReadOnlyList<NotedShard> Records)
{
    private const string Manifest = "manifest.json";

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="BadInputException">It is no results folder, somebody works in it, or a record is damaged.</exception>
    public static MergedFolder Read(string path)
    {
        ResultsFolder folder = new(path);
        return !Directory.Exists(path) ? throw new BadInputException($"{path}: there is no such folder; give results folders of 'run'")
            : FolderClaim.HolderOf(folder) is { } holder
                ? throw new BadInputException($"{path}: is worked in by {holder}; join it when that is done")
            : RecordsOf(folder) is { Count: > 0 } records ? new MergedFolder(folder, records)
            : throw new BadInputException(
                $"{path}: holds neither {Manifest} nor shards/, which say what its images are; give results folders of 'run'");
    }

    /// <summary>The same of a folder that may be new; null where nothing is in it.</summary>
    /// <param name="folder">A folder that is claimed by this process.</param>
    /// <exception cref="BadInputException">It has images, and nothing says what they are.</exception>
    public static MergedFolder? OfTarget(ResultsFolder folder) => RecordsOf(folder) is { Count: > 0 } records
        ? new MergedFolder(folder, records)
        : Directory.Exists(folder.Images)
            ? throw new BadInputException(
                $"--out {folder}: has images, and neither {Manifest} nor shards/ to say what they are; give another")
            : null;

    // The manifest of a folder with shards is of the run that answered and drew, perhaps elsewhere.
    private static IReadOnlyList<NotedShard> RecordsOf(ResultsFolder folder)
    {
        IReadOnlyList<NotedShard> shards = ShardRecord.ReadAll(folder);
        return shards.Count > 0 || RunManifest.Read(folder) is not { } run ? shards : [new NotedShard(folder.Manifest, OfWhole(run))];
    }

    private static ShardRecord OfWhole(RunManifest run)
    {
        StageRecord? images = run.Stages.GetValueOrDefault(nameof(Stage.Images).ToLowerInvariant());
        return new ShardRecord
        {
            Shard = "1/1",
            Done = images?.Done == true,
            Run = run with { Sees = null, Stages = new Dictionary<string, StageRecord>() },
            MadeBy =
            [
                .. ImageMaker.Of(run).Select(maker => new ImagesMadeBy(maker, images?.Done == true ? run.Images : 0, images?.Seconds ?? 0)),
            ],
        };
    }
}
