namespace Experiments.Clusters;

/// <summary>An experiment whose images are made in shards by a scheduler, and then answered, measured and drawn by one process.</summary>
internal sealed record ClusterJob
{
    /// <summary>What it is called: a-z, 0-9 and -.</summary>
    public required string Name { get; init; }

    /// <summary>The program, with what stands before its arguments.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The arguments of the whole run.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>How many shards.</summary>
    public required int Shards { get; init; }

    /// <summary>Graphics cards of a shard.</summary>
    public required int Gpus { get; init; }

    /// <summary>Graphics cards of what follows the images: some where it computes there itself.</summary>
    public int ReportGpus { get; init; }

    /// <summary>Processors of a shard; also its number of threads, as pixels can depend on it.</summary>
    public required int Cpus { get; init; }

    /// <summary>Memory of a shard, as the scheduler writes it; null: what it gives.</summary>
    public string? Memory { get; init; }

    /// <summary>How many shards run at once at most; null: as many as there is room for.</summary>
    public int? AtOnce { get; init; }
}
