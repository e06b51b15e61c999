using static TorchSharp.torch;

namespace Training.Runs;

internal sealed record TrainingOptions
{
    /// <summary>The folder <c>node_modules</c> with the emoji pictures.</summary>
    public required string Art { get; init; }

    public required string Lexicon { get; init; }

    /// <summary>Where the run keeps its state, log and sample sheets: a folder a part.</summary>
    public required string Checkpoints { get; init; }

    /// <summary>Where finished parts go: <c>mini-sd</c> and <c>mini-recognizer</c> are folders in it.</summary>
    public required string Models { get; init; }

    /// <summary>How many steps the whole run has; the learning rate falls to 0 over them.</summary>
    public required long Steps { get; init; }

    /// <summary>Scenes a step.</summary>
    public required int Batch { get; init; }

    /// <summary>The highest of the run; a warm-up leads to it and a decay from it.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Of starting values and of every scene.</summary>
    public required ulong Seed { get; init; }

    /// <summary>In which the network computes; the weights themselves are kept in float32.</summary>
    public required ScalarType DType { get; init; }

    /// <summary>Whether the weights in <see cref="Models"/> are where the training starts, and not random ones.</summary>
    public required bool FromModels { get; init; }

    /// <summary>Whether matrices move by Muon, and not by AdamW.</summary>
    public bool WithMuon { get; init; }

    /// <summary>
    /// A folder with generated images that half of each batch is taken from; null: all are drawn. For the recognizer alone.
    /// </summary>
    public string? Generated { get; init; }

    /// <summary>The models among them of none of which more images may get a yes than observers see; empty: all.</summary>
    public IReadOnlyList<string> ThresholdOn { get; init; } = [];
}
