using System.Text.RegularExpressions;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What the names and shapes of a checkpoint tell of its kind.</summary>
/// <param name="Text">Which text encoders lie in it.</param>
/// <param name="TextPrefix">What the names of one of them begin with.</param>
/// <param name="ContextWidth">The width of the text that the UNet reads; null where it reads none.</param>
internal sealed partial record CheckpointSigns(TextLayout Text, string TextPrefix, long? ContextWidth)
{
    public const string
        UNetPrefix = "model.diffusion_model.",
        Transformers1 = "cond_stage_model.transformer.",
        TransformersXL = "conditioner.embedders.0.transformer.",
        OpenClipXL = "conditioner.embedders.1.model.";

    /// <summary>What the names of 2.x's text encoder begin with; of SD Turbo's own file, in the layout of SGM, the second.</summary>
    public static readonly string[] OpenClip2Prefixes = ["cond_stage_model.model.", "conditioner.embedders.0.model."];

    /// <summary>What an autoencoder's names begin with; of some finetunes the second.</summary>
    public static readonly string[] AutoencoderPrefixes = ["first_stage_model.", "vae."];

    /// <summary>Reads the signs of a file that <see cref="OtherFile"/> knows to be a checkpoint.</summary>
    public static CheckpointSigns Of(CheckpointFile file)
    {
        (TextLayout layout, string prefix) = file.Has(TransformersXL) || file.Has(OpenClipXL) ? (TextLayout.StableDiffusionXL, OpenClipXL)
            : Array.Find(OpenClip2Prefixes, file.Has) is { } openClip2 ? (TextLayout.StableDiffusion2, openClip2)
            : (TextLayout.StableDiffusion1, Transformers1);
        TensorEntry? text = file.Tensors.FirstOrDefault(tensor => TextKey().IsMatch(tensor.Key)).Value;
        return new CheckpointSigns(layout, prefix, text?.Shape is [_, long width] ? width : null);
    }

    /// <summary>The signs in words.</summary>
    public override string ToString() => $"{TextPrefix}*";

    [GeneratedRegex(@"^model\.diffusion_model\.input_blocks\.\d+\.1\.transformer_blocks\.0\.attn2\.to_k\.weight$")]
    private static partial Regex TextKey();
}

/// <summary>Which text encoders lie in a checkpoint, and so of which kind it is but for the prediction.</summary>
internal enum TextLayout
{
    /// <summary>CLIP's, under transformers' names.</summary>
    StableDiffusion1,

    /// <summary>OpenCLIP's.</summary>
    StableDiffusion2,

    /// <summary>Both.</summary>
    StableDiffusionXL,
}
