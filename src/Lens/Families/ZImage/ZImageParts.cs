using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families.ZImage;

/// <summary>The parts of a Z-Image folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class ZImageParts
{
    /// <summary>The names of the parts.</summary>
    public const string
        TransformerPart = "transformer",
        AutoencoderPart = "vae";

    public static readonly Qwen3Part Text = new("text_encoder", "tokenizer", ChatTemplate.Thinking, Pads: false);

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public ZImageParts(ModelFolder folder, LoadOptions options, ModelDescription description)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        TextLength = description.SequenceLength!.Of(options.MaxSequenceLength);
        TransformerConfig = DenoiserOf(folder);
        AutoencoderConfig = VaeOf(folder);
        Scheduler = SchedulerConfig.Parse(folder.Config(SchedulerConfig.Part), folder.ConfigPath(SchedulerConfig.Part));
        RefuseMisfits(folder, TransformerConfig, AutoencoderConfig);
        TextEncoder = Qwen3PromptEncoder.Read(folder, Text, description.LayerCount, TextLength, Placement, options.Variant);
        Transformer = new(
            folder, TransformerPart, at => new ZImageTransformer2DModel(TransformerConfig, at), Placement, options.Variant);
        AutoencoderPlacement = AutoencoderConfig.PlacementBeside(Placement);
        Autoencoder = new(
            folder, AutoencoderPart, at => new AutoencoderKL(AutoencoderConfig, at), AutoencoderPlacement, options.Variant);
        NativeRuntime.LeaveNnpackAlone();
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    public int TextLength { get; }

    public Qwen3PromptEncoder TextEncoder { get; }

    public ZImageTransformerConfig TransformerConfig { get; }

    public LazyNetwork<ZImageTransformer2DModel> Transformer { get; }

    public AutoencoderKLConfig AutoencoderConfig { get; }

    public LazyNetwork<AutoencoderKL> Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

    public static ZImageTransformerConfig DenoiserOf(ModelFolder folder)
        => ZImageTransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    public static AutoencoderKLConfig VaeOf(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    /// <summary>The block before the last, which is the one that is read.</summary>
    /// <exception cref="BadInputException">The encoder has no such block.</exception>
    public static int ReadOf(ModelFolder folder)
    {
        int layers = Text.Config(folder).LayerCount;
        folder.RequireFit(layers >= 2, $"the text encoder has {layers} block; the one before the last is read");
        return layers - 1;
    }

    private static void RefuseMisfits(ModelFolder folder, ZImageTransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(ZImageTransformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        int width = Text.Config(folder).Width;
        folder.RequireFit(
            transformer.TextWidth == width, $"the transformer reads text of width {transformer.TextWidth}, the text encoder has {width}");
        folder.RequireFit(
            transformer.Channels == autoencoder.LatentChannels,
            $"the transformer has {transformer.Channels} channels, the vae {autoencoder.LatentChannels}");
    }
}
