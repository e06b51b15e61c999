using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families.Flux;

/// <summary>The parts of a FLUX.1 folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class FluxParts
{
    /// <summary>The names of the parts, but for text encoders and their tokenizers.</summary>
    public const string TransformerPart = "transformer", AutoencoderPart = "vae";

    /// <summary>Latents of a token's square, along a side.</summary>
    public const int Patch = 2;

    public static readonly ClipPart Clip = new("text_encoder", "tokenizer");

    public static readonly T5Part T5 = new("text_encoder_2", "tokenizer_2");

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public FluxParts(ModelFolder folder, LoadOptions options, SequenceLength length)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        T5Length = length.Of(options.MaxSequenceLength);
        TransformerConfig = DenoiserOf(folder);
        AutoencoderConfig = VaeOf(folder);
        Scheduler = SchedulerConfig.Of(folder);
        RefuseMisfits(folder, TransformerConfig, AutoencoderConfig);
        TextEncoders =
        [
            ClipPromptEncoder.Read(folder, Clip, Placement, options),
            T5PromptEncoder.Read(folder, T5, T5Length, Placement, options.Variant),
        ];
        Transformer = new(
            folder, TransformerPart, at => new FluxTransformer2DModel(TransformerConfig, at), Placement, options.Variant);
        AutoencoderPlacement = AutoencoderConfig.PlacementBeside(Placement);
        Autoencoder = new(
            folder, AutoencoderPart, at => new AutoencoderKL(AutoencoderConfig, at), AutoencoderPlacement, options.Variant);
        NativeRuntime.LeaveNnpackAlone();
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    public int T5Length { get; }

    public IReadOnlyList<PromptEncoder> TextEncoders { get; }

    public FluxTransformerConfig TransformerConfig { get; }

    public LazyNetwork<FluxTransformer2DModel> Transformer { get; }

    public AutoencoderKLConfig AutoencoderConfig { get; }

    public LazyNetwork<AutoencoderKL> Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

    public static FluxTransformerConfig DenoiserOf(ModelFolder folder)
        => FluxTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    public static AutoencoderKLConfig VaeOf(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    private static void RefuseMisfits(ModelFolder folder, FluxTransformerConfig transformer, AutoencoderKLConfig autoencoder)
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
    }
}
