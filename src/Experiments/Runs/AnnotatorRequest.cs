using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>Who is to answer, as far as the command line says.</summary>
internal sealed record AnnotatorRequest
{
    /// <summary>Some of <see cref="AnnotatorKinds"/>, the main one first; null: what the spec says, else the model's settings.</summary>
    public IReadOnlyList<string>? Kinds { get; init; }

    /// <summary>Which vision-language model.</summary>
    public VisionSpec Vision { get; init; } = new();

    /// <summary>Which CLIP.</summary>
    public ClipSpec Clip { get; init; } = new();

    /// <summary>Where CLIP computes: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }
}
