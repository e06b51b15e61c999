using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.Sana;

/// <summary>The parts of a SANA folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class SanaParts : JointTransformerParts<SanaTransformerConfig, SanaTransformer2DModel>
{
    public static readonly Gemma2Part Text = new("text_encoder", "tokenizer");

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public SanaParts(ModelFolder folder, LoadOptions options, SequenceLength length)
        : this(folder, options, length, DenoiserOf(folder), DCOf(folder))
    {
    }

    private SanaParts(
        ModelFolder folder, LoadOptions options, SequenceLength length, SanaTransformerConfig transformer, AutoencoderDCConfig autoencoder)
        : base(
            folder,
            options,
            length,
            Fitting(folder, transformer, autoencoder),
            at => new SanaTransformer2DModel(transformer, at),
            autoencoder,
            at => new AutoencoderDC(autoencoder, at))
        => TextEncoder = Gemma2PromptEncoder.Read(folder, Text, TextLength, Placement, options);

    public Gemma2PromptEncoder TextEncoder { get; }

    public static SanaTransformerConfig DenoiserOf(ModelFolder folder)
        => SanaTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    /// <summary>Side of the squares of the pipeline's table of sizes; null: it has none for the transformer's.</summary>
    public static int? BinnedSideOf(ModelFolder folder)
    {
        const int PixelsPerSample = 32;
        int side = DenoiserOf(folder).SampleSize * PixelsPerSample;
        return side is 512 or 1024 or 2048 or 4096 ? side : null;
    }

    public static AutoencoderDCConfig DCOf(ModelFolder folder)
        => AutoencoderDCConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    private static SanaTransformerConfig Fitting(ModelFolder folder, SanaTransformerConfig transformer, AutoencoderDCConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(SanaTransformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderDC));
        RequireTextWidth(folder, transformer.TextWidth, Text.Config(folder).Width);
        RequireLatentChannels(folder, transformer.Channels, autoencoder.LatentChannels);
        return transformer;
    }
}
