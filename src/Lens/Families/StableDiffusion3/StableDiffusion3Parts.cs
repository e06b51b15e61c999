using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families.StableDiffusion3;

/// <summary>The parts of a Stable Diffusion 3 folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class StableDiffusion3Parts
{
    /// <summary>The names of the parts that there is one of.</summary>
    public const string TransformerPart = "transformer", AutoencoderPart = "vae", SchedulerPart = "scheduler";

    /// <summary>The names of the text encoders and of their tokenizers: two of CLIP, and T5, which may be absent.</summary>
    public static readonly IReadOnlyList<string>
        TextEncoderParts = ["text_encoder", "text_encoder_2", "text_encoder_3"],
        TokenizerParts = ["tokenizer", "tokenizer_2", "tokenizer_3"];

    /// <summary>How many of the text encoders are CLIP's.</summary>
    public const int ClipCount = 2;

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public StableDiffusion3Parts(ModelFolder folder, LoadOptions options, SequenceLength length)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        T5Length = length.Of(options.MaxSequenceLength);
        TransformerConfig = DenoiserOf(folder);
        AutoencoderConfig = VaeOf(folder);
        Scheduler = SchedulerConfig.Parse(folder.Config(SchedulerPart), folder.ConfigPath(SchedulerPart));
        RefuseMisfits(folder, TransformerConfig, AutoencoderConfig);
        TextEncoders =
        [
            .. TextEncoderParts.Zip(TokenizerParts).Take(ClipCount).Select(part => ClipPromptEncoder.Read(
                folder, part.First, part.Second, hasProjection: true, Placement, options.Variant)),
            .. HasT5(folder)
                ? new[] { T5PromptEncoder.Read(folder, TextEncoderParts[^1], TokenizerParts[^1], T5Length, Placement, options.Variant) }
                : [],
        ];
        Transformer = new(
            folder, TransformerPart, at => new SD3Transformer2DModel(TransformerConfig, at), Placement, options.Variant);
        AutoencoderPlacement = AutoencoderConfig.PlacementBeside(Placement);
        Autoencoder = new(
            folder, AutoencoderPart, at => new AutoencoderKL(AutoencoderConfig, at), AutoencoderPlacement, options.Variant);
        NativeRuntime.LeaveNnpackAlone();
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    /// <summary>How many rows T5 writes, or would write if it were there.</summary>
    public int T5Length { get; }

    public IReadOnlyList<PromptEncoder> TextEncoders { get; }

    public SD3TransformerConfig TransformerConfig { get; }

    public LazyNetwork<SD3Transformer2DModel> Transformer { get; }

    public AutoencoderKLConfig AutoencoderConfig { get; }

    public LazyNetwork<AutoencoderKL> Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

    public static bool HasT5(ModelFolder folder) => folder.Has(TextEncoderParts[^1]);

    public static SD3TransformerConfig DenoiserOf(ModelFolder folder)
        => SD3TransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    public static AutoencoderKLConfig VaeOf(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    private static void RefuseMisfits(ModelFolder folder, SD3TransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(SD3Transformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        ClipTextConfig[] clips = [.. TextEncoderParts.Take(ClipCount).Select(part => ClipPromptEncoder.ConfigOf(folder, part))];
        int clipWidth = clips.Sum(clip => clip.Width), pooledWidth = clips.Sum(clip => clip.ProjectionWidth);
        folder.RequireFit(
            transformer.TextWidth >= clipWidth,
            $"the transformer reads text of width {transformer.TextWidth}, both CLIPs together write {clipWidth}");
        folder.RequireFit(
            transformer.PooledWidth == pooledWidth,
            $"the transformer reads a pooled vector of width {transformer.PooledWidth}, both CLIPs together write {pooledWidth}");
        folder.RequireFit(
            clips[0].Positions == clips[1].Positions,
            $"the CLIPs read {clips[0].Positions} and {clips[1].Positions} tokens, which cannot be joined by channel");
        if (HasT5(folder))
        {
            int width = T5PromptEncoder.ConfigOf(folder, TextEncoderParts[^1]).Width;
            folder.RequireFit(
                transformer.TextWidth == width,
                $"the transformer reads text of width {transformer.TextWidth}, {TextEncoderParts[^1]} writes {width}");
        }

        folder.RequireFit(
            transformer.InChannels == autoencoder.LatentChannels && transformer.OutChannels == autoencoder.LatentChannels,
            $"the transformer reads {transformer.InChannels} and writes {transformer.OutChannels} channels, the vae has "
            + $"{autoencoder.LatentChannels}");
    }
}
