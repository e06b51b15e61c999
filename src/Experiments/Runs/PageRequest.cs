namespace Experiments.Runs;

/// <summary>How <c>annotate</c> shows its page.</summary>
internal sealed record PageRequest
{
    /// <summary>Where it is on this machine; 0: a port that is free.</summary>
    public int Port { get; init; }

    /// <summary>Whether the user's browser is opened with it.</summary>
    public bool OpensBrowser { get; init; } = true;

    /// <summary>The share of questions that a second person is asked too, 0 to 1.</summary>
    public double Overlap { get; init; }

    /// <summary>Of the order in which images are shown.</summary>
    public ulong ShuffleSeed { get; init; }

    /// <summary>A folder with images of what is asked about; null: none.</summary>
    public string? References { get; init; }
}
