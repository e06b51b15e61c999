namespace DiffusionLens.Families;

/// <summary>How a model is guided towards its text.</summary>
public enum GuidanceKind
{
    /// <summary>Its prediction is moved away from that of the negative prompt (arXiv 2207.12598), at twice the cost.</summary>
    ClassifierFree,

    /// <summary>Its denoiser is told the scale, which it was distilled with; there is no negative prompt.</summary>
    Embedded,

    /// <summary>Not at all: it was distilled with its guidance; there is no negative prompt.</summary>
    None,
}
