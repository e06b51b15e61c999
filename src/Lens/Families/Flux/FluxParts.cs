using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.Flux;

/// <summary>The parts of a FLUX.1 folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class FluxParts : JointTransformerParts<FluxTransformerConfig, FluxTransformer2DModel>
{
    /// <summary>Latents of a token's square, along a side.</summary>
    public const int Patch = 2;

    public static readonly ClipPart Clip = new("text_encoder", "tokenizer");

    public static readonly T5Part T5 = new("text_encoder_2", "tokenizer_2");

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public FluxParts(ModelFolder folder, LoadOptions options, SequenceLength length)
        : this(folder, options, length, DenoiserOf(folder), VaeOf(folder))
    {
    }

    private FluxParts(
        ModelFolder folder, LoadOptions options, SequenceLength length, FluxTransformerConfig transformer, AutoencoderKLConfig vae)
        : base(
            folder,
            options,
            length,
            Fitting(folder, transformer, vae),
            at => new FluxTransformer2DModel(transformer, at),
            vae,
            at => new AutoencoderKL(vae, at))
    {
        TextEncoders =
        [
            ClipPromptEncoder.Read(folder, Clip, Placement, options),
            T5PromptEncoder.Read(folder, T5, TextLength, Placement, options.Variant),
        ];
    }

    public IReadOnlyList<PromptEncoder> TextEncoders { get; }

    public static FluxTransformerConfig DenoiserOf(ModelFolder folder)
        => FluxTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    private static FluxTransformerConfig Fitting(ModelFolder folder, FluxTransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(FluxTransformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        int text = T5.Config(folder).Width, pooled = Clip.Config(folder).Width;
        folder.RequireFit(
            transformer.TextWidth == text, $"the transformer reads text of width {transformer.TextWidth}, {T5.Name} writes {text}");
        folder.RequireFit(
            transformer.PooledWidth == pooled,
            $"the transformer reads a pooled vector of width {transformer.PooledWidth}, {Clip.Name} writes {pooled}");
        int packed = Patch * Patch * autoencoder.LatentChannels;
        folder.RequireFit(
            transformer.InChannels == packed && transformer.OutChannels == packed,
            $"the transformer reads {transformer.InChannels} and writes {transformer.OutChannels} values a token, the vae has {packed} in "
            + "2×2 latents; filling and control models are not supported");
        return transformer;
    }
}
