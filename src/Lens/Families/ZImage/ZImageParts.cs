using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.ZImage;

/// <summary>The parts of a Z-Image folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class ZImageParts : JointTransformerParts<ZImageTransformerConfig, ZImageTransformer2DModel>
{
    public static readonly Qwen3Part Text = new("text_encoder", "tokenizer", ChatTemplate.Thinking, Pads: false);

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public ZImageParts(ModelFolder folder, LoadOptions options, ModelDescription description)
        : this(folder, options, description, DenoiserOf(folder), VaeOf(folder))
    {
    }

    private ZImageParts(
        ModelFolder folder, LoadOptions options, ModelDescription description, ZImageTransformerConfig transformer, AutoencoderKLConfig vae)
        : base(
            folder,
            options,
            description.SequenceLength!,
            Fitting(folder, transformer, vae),
            at => new ZImageTransformer2DModel(transformer, at),
            vae,
            at => new AutoencoderKL(vae, at))
    {
        TextEncoder = Qwen3PromptEncoder.Read(folder, Text, description.LayerCount, TextLength, Placement, options.Variant);
    }

    public Qwen3PromptEncoder TextEncoder { get; }

    public static ZImageTransformerConfig DenoiserOf(ModelFolder folder)
        => ZImageTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    /// <summary>The block before the last, which is the one that is read.</summary>
    /// <exception cref="BadInputException">The encoder has no such block.</exception>
    public static int ReadOf(ModelFolder folder)
    {
        int layers = Text.Config(folder).LayerCount;
        folder.RequireFit(layers >= 2, $"the text encoder has {layers} block; the one before the last is read");
        return layers - 1;
    }

    private static ZImageTransformerConfig Fitting(ModelFolder folder, ZImageTransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(ZImageTransformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        RequireTextWidth(folder, transformer.TextWidth, Text.Config(folder).Width);
        folder.RequireFit(
            transformer.Channels == autoencoder.LatentChannels,
            $"the transformer has {transformer.Channels} channels, the vae {autoencoder.LatentChannels}");
        return transformer;
    }
}
