using System.Text.Json;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Results;

/// <summary>
/// <c>shards/0003-of-0064.json</c>: what a shard is of, how far it is, and what its images were computed with. Written before the first
/// image is made, so that also of a shard that was killed it is known what made its images.
/// </summary>
internal sealed record ShardRecord
{
    /// <summary>Which part of how many: <c>3/64</c>.</summary>
    public required string Shard { get; init; }

    /// <summary>Whether all its images were there when it was last run.</summary>
    public required bool Done { get; init; }

    /// <summary>What was run on what, with this shard's prompts and images; no stages.</summary>
    public required RunManifest Run { get; init; }

    /// <summary>What made its images; several where it was gone on with elsewhere.</summary>
    public required IReadOnlyList<ImagesMadeBy> MadeBy { get; init; }

    /// <summary>Reads the record of a shard; null where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It is no such record.</exception>
    public static ShardRecord? Read(string path)
    {
        try
        {
            return !File.Exists(path) ? null
                : JsonSerializer.Deserialize<ShardRecord>(File.ReadAllBytes(path), RunManifest.Json) ?? throw Damaged(path);
        }
        catch (JsonException problem)
        {
            throw Damaged(path, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({problem.Message})", problem);
        }
    }

    /// <summary>Every record of a results folder, with its file, in the order of their names.</summary>
    /// <exception cref="BadInputException">One is no such record.</exception>
    public static IReadOnlyList<NotedShard> ReadAll(ResultsFolder folder) => !Directory.Exists(folder.Shards)
        ? []
        : [
            .. Directory.EnumerateFiles(folder.Shards, "*-of-*.json")
                .Order(StringComparer.Ordinal)
                .Select(path => Read(path) is { } record ? new NotedShard(path, record) : null)
                .OfType<NotedShard>(),
        ];

    /// <summary>Writes it, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, RunManifest.Json) + "\n");

    /// <summary>The same with more images made.</summary>
    public ShardRecord With(ImageMaker maker, int images, double seconds) => this with
    {
        MadeBy = MadeBy.Any(made => made.Maker == maker)
            ? [.. MadeBy.Select(made => made.Maker == maker ? made.And(images, seconds) : made)]
            : [.. MadeBy, new ImagesMadeBy(maker, images, seconds)],
    };

    private static BadInputException Damaged(string path, JsonException? problem = null)
    {
        string line = $"{path}: is no shard's record of this version; delete it and run that shard again";
        return problem is null ? new BadInputException(line) : new BadInputException(line, problem);
    }
}

/// <summary>A shard's record and where it stands.</summary>
/// <param name="Path">The file.</param>
internal sealed record NotedShard(string Path, ShardRecord Record);

/// <summary>What was made of a shard's images in one way.</summary>
/// <param name="Images">How many; where the process was killed none are counted.</param>
/// <param name="Seconds">Wall time, loading included.</param>
internal sealed record ImagesMadeBy(ImageMaker Maker, int Images, double Seconds)
{
    /// <summary>The same with more.</summary>
    public ImagesMadeBy And(int images, double seconds) =>
        this with { Images = Images + images, Seconds = Math.Round(Seconds + seconds, 1) };
}
