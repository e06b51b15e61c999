using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.QwenImage;

/// <summary>The parts of a Qwen-Image folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class QwenImageParts : JointTransformerParts<QwenImageTransformerConfig, QwenImageTransformer2DModel>
{
    public static readonly Qwen3Part Text = new("text_encoder", "tokenizer", ChatTemplate.QwenImage, Pads: false)
    {
        Kind = EncoderKind.Qwen25VL,
    };

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public QwenImageParts(ModelFolder folder, LoadOptions options, ModelDescription description)
        : this(folder, options, description, DenoiserOf(folder), QwenImageVaeOf(folder))
    {
    }

    private QwenImageParts(
        ModelFolder folder,
        LoadOptions options,
        ModelDescription description,
        QwenImageTransformerConfig transformer,
        AutoencoderKLQwenImageConfig vae)
        : base(
            folder,
            options,
            description.SequenceLength!,
            Fitting(folder, transformer, vae),
            at => new QwenImageTransformer2DModel(transformer, at),
            vae,
            at => new AutoencoderKLQwenImage(vae, at))
    {
        TextEncoder = Qwen3PromptEncoder.Read(folder, Text, description.LayerCount, TextLength, Placement, options.Variant);
    }

    public Qwen3PromptEncoder TextEncoder { get; }

    public static QwenImageTransformerConfig DenoiserOf(ModelFolder folder)
        => QwenImageTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    public static AutoencoderKLQwenImageConfig QwenImageVaeOf(ModelFolder folder)
        => AutoencoderKLQwenImageConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    private static QwenImageTransformerConfig Fitting(
        ModelFolder folder, QwenImageTransformerConfig transformer, AutoencoderKLQwenImageConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(QwenImageTransformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKLQwenImage));
        RequireTextWidth(folder, transformer.TextWidth, Text.Config(folder).Width);
        int packed = PackedLatents.Patch * PackedLatents.Patch * autoencoder.LatentChannels;
        folder.RequireFit(
            transformer.InChannels == packed && transformer.OutChannels == packed,
            $"the transformer reads {transformer.InChannels} and writes {transformer.OutChannels} values a token, the vae has {packed} in "
            + "2×2 latents");
        return transformer;
    }
}
