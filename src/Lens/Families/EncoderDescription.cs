namespace DiffusionLens.Families;

/// <summary>A text encoder of a model.</summary>
/// <param name="Name">The part's name in the model's folder, such as <c>text_encoder</c>.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="LayerCount">L: how many blocks it has.</param>
/// <param name="HasFinalNorm">Whether it has a norm ln_f after the last block.</param>
public sealed record EncoderDescription(string Name, EncoderKind Kind, int LayerCount, bool HasFinalNorm)
{
    /// <summary>Which positions cannot see which; null where the family does not say.</summary>
    public EncoderMask? Mask { get; init; }

    /// <summary>Whether the model hides padding in it; where the family does not say, it does not.</summary>
    internal bool MasksPadding => Mask?.HasFlag(EncoderMask.Padding) == true;

    /// <summary>Whether prompts are written into a chat template, whose tokens then stand around them.</summary>
    public bool HasTemplate { get; init; }
}
