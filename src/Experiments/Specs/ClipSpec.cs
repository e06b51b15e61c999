namespace Experiments.Specs;

/// <summary>Which CLIP answers, as far as a spec or the command line says.</summary>
internal sealed record ClipSpec
{
    /// <summary>Its folder, or its name on the hub; null: nothing is said.</summary>
    public string? Folder { get; init; }

    /// <summary>The <c>calibration.csv</c> whose thresholds it takes; null: 0 for every kind of question.</summary>
    public string? Thresholds { get; init; }

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => Folder is null && Thresholds is null;

    /// <summary>What is said here, and otherwise there.</summary>
    public ClipSpec Over(ClipSpec other) => new() { Folder = Folder ?? other.Folder, Thresholds = Thresholds ?? other.Thresholds };
}
