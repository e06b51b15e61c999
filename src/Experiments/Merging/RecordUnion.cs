using DiffusionLens;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Merging;

/// <summary>The records of several results folders, which must be of one experiment, one model and one way to make images.</summary>
internal static class RecordUnion
{
    /// <summary>Joins records.</summary>
    /// <param name="folders">The folders, the first one's word counting where records say the same in two ways.</param>
    /// <param name="isTolerant">Whether images of several kinds of machines may stand together.</param>
    /// <returns>A record a shard, in the order of their names.</returns>
    /// <exception cref="BadInputException">Two records contradict each other; names both files.</exception>
    public static IReadOnlyList<ShardRecord> Of(IReadOnlyList<MergedFolder> folders, bool isTolerant)
    {
        NotedShard[] all = [.. folders.SelectMany(folder => folder.Records)];
        foreach (NotedShard other in all.Skip(1))
        {
            if (RunDifference.Between(all[0].Record.Run, other.Record.Run) is { } difference)
            {
                throw new BadInputException(
                    $"{all[0].Path} and {other.Path}: are of {difference}; their images do not belong together, join those alone that do");
            }
        }

        if (!isTolerant)
        {
            RequireOneMaker(all);
        }

        return
        [
            .. all.GroupBy(noted => noted.Record.Shard)
                .Select(same => same.Select(noted => noted.Record).Aggregate(Joined))
                .OrderBy(record => Shard.Parse(record.Shard)?.FileName ?? record.Shard, StringComparer.Ordinal),
        ];
    }

    /// <summary>The shards that are not among some records although others of as many are.</summary>
    public static IReadOnlyList<Shard> Missing(IReadOnlyList<ShardRecord> records)
    {
        Shard[] done = [.. records.Where(record => record.Done).Select(record => Shard.Parse(record.Shard)).OfType<Shard>()];
        bool isWhole = done.GroupBy(shard => shard.Count).Any(group => group.Count() == group.Key);
        return isWhole || records.Count == 0 ? []
            : [.. Shard.All(records.Max(record => Shard.Parse(record.Shard)?.Count ?? 0)).Except(done)];
    }

    private static void RequireOneMaker(NotedShard[] all)
    {
        (string Path, ImageMaker Maker)[] makers =
        [
            .. all.SelectMany(noted => noted.Record.MadeBy.Select(made => (noted.Path, made.Maker))),
        ];
        foreach ((string path, ImageMaker maker) in makers.Skip(1))
        {
            if (!maker.MakesSameAs(makers[0].Maker))
            {
                throw new BadInputException(
                    $"{makers[0].Path} and {path}: images by {makers[0].Maker} and by {maker}, which may differ by a level; if they may "
                        + "stand together, say how far apart those may be that are in several folders, with --tolerance LEVELS");
            }
        }
    }

    // So that joining the same folders again changes nothing.
    private static ShardRecord Joined(ShardRecord one, ShardRecord other) => one with
    {
        Done = one.Done || other.Done,
        MadeBy =
        [
            .. one.MadeBy.Concat(other.MadeBy)
                .GroupBy(made => made.Maker)
                .Select(made => new ImagesMadeBy(made.Key, made.Max(part => part.Images), made.Max(part => part.Seconds))),
        ],
    };
}
