using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.PixArt;

/// <summary>The parts of a PixArt folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class PixArtParts : JointTransformerParts<PixArtTransformerConfig, PixArtTransformer2DModel>
{
    public static readonly T5Part Text = new("text_encoder", "tokenizer") { LowersCase = true, Masks = true };

    /// <summary>What files published before PixArt's own class name in its place.</summary>
    private const string OlderClass = nameof(Transformer2DModel);

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public PixArtParts(ModelFolder folder, LoadOptions options, SequenceLength length)
        : this(folder, options, length, DenoiserOf(folder), VaeOf(folder))
    {
    }

    private PixArtParts(
        ModelFolder folder, LoadOptions options, SequenceLength length, PixArtTransformerConfig transformer, AutoencoderKLConfig vae)
        : base(
            folder,
            options,
            length,
            Fitting(folder, transformer, vae),
            at => new PixArtTransformer2DModel(transformer, at),
            vae,
            at => new AutoencoderKL(vae, at))
        => TextEncoder = T5PromptEncoder.Read(folder, Text, TextLength, Placement, options.Variant);

    public T5PromptEncoder TextEncoder { get; }

    public static PixArtTransformerConfig DenoiserOf(ModelFolder folder)
        => PixArtTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    /// <summary>Side of the squares of the pipeline's table of sizes; null: it has none for the transformer's.</summary>
    public static int? BinnedSideOf(ModelFolder folder)
    {
        const int PixelsPerSample = 8;
        int side = DenoiserOf(folder).SampleSize * PixelsPerSample;
        return side is 256 or 512 or 1024 or 2048 ? side : null;
    }

    private static PixArtTransformerConfig Fitting(ModelFolder folder, PixArtTransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(PixArtTransformer2DModel), OlderClass);
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        RequireTextWidth(folder, transformer.TextWidth, Text.Config(folder).Width);
        RequireLatentChannels(folder, transformer.InChannels, autoencoder.LatentChannels);
        return transformer;
    }
}
