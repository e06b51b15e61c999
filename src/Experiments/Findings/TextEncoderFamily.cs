namespace Experiments.Findings;

/// <summary>What kind of text encoder a model has: some of the paper's findings are of one kind alone.</summary>
public enum TextEncoderFamily
{
    /// <summary>A CLIP text encoder, trained by contrast with images: Stable Diffusion.</summary>
    Clip,

    /// <summary>A T5 encoder, trained on text alone: DeepFloyd IF.</summary>
    T5,
}
