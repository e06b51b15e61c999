using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>The parts of a Stable Diffusion folder, loaded and known to fit each other.</summary>
internal sealed class StableDiffusionParts : IDisposable
{
    /// <summary>The names of the parts.</summary>
    public const string
        TextEncoderPart = "text_encoder",
        TokenizerPart = "tokenizer",
        UNetPart = "unet",
        AutoencoderPart = "vae",
        SchedulerPart = "scheduler";

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public StableDiffusionParts(ModelFolder folder, LoadOptions options)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        ClipTextConfig text = Text(folder);
        UNet2DConditionConfig unet = Denoiser(folder);
        AutoencoderKLConfig autoencoder = Vae(folder);
        Tokenizer = ClipTokenizer
            .FromFolder(folder.PathOf(TokenizerPart), text.Positions, folder.ComponentClass(TokenizerPart))
            .With(options.Cleaning);
        Scheduler = Mended(SchedulerConfig.Parse(folder.Config(SchedulerPart), folder.ConfigPath(SchedulerPart)));
        RefuseOtherClasses(folder);
        RefuseMisfits(folder, Tokenizer, text, unet, autoencoder);

        AutoencoderPlacement = autoencoder.ForceUpcast && options.DType == ScalarType.Float16
            ? Placement with { DType = ScalarType.Float32 }
            : Placement;
        TextEncoder = new ClipTextModel(text, Placement).FilledFrom(folder, TextEncoderPart, options.Variant);
        UNet = new UNet2DConditionModel(unet, Placement).FilledFrom(folder, UNetPart, options.Variant);
        Autoencoder = new AutoencoderKL(autoencoder, AutoencoderPlacement).FilledFrom(folder, AutoencoderPart, options.Variant);
        NativeRuntime.LeaveNnpackAlone();
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    public ClipTokenizer Tokenizer { get; }

    public ClipTextModel TextEncoder { get; }

    public UNet2DConditionModel UNet { get; }

    public AutoencoderKL Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

    public static ClipTextConfig Text(ModelFolder folder)
        => ClipTextConfig.Parse(folder.Config(TextEncoderPart), folder.ConfigPath(TextEncoderPart));

    public static UNet2DConditionConfig Denoiser(ModelFolder folder)
        => UNet2DConditionConfig.Parse(folder.Config(UNetPart), folder.ConfigPath(UNetPart));

    public static AutoencoderKLConfig Vae(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    public void Dispose()
    {
        TextEncoder.Dispose();
        UNet.Dispose();
        Autoencoder.Dispose();
    }

    /// <summary>
    /// What diffusers' StableDiffusionPipeline corrects in the scheduler it is given: old files leave out, or have wrong, that latents are
    /// not clipped and that steps begin at 1. And PNDM skips its Runge-Kutta start-up, as published files say, where one written for
    /// another sampler says nothing.
    /// </summary>
    private static SchedulerConfig Mended(SchedulerConfig config)
    {
        SchedulerConfig mended = config.With("clip_sample", false).With("steps_offset", 1);
        return mended.Has("skip_prk_steps") ? mended : mended.With("skip_prk_steps", true);
    }

    private static void RefuseOtherClasses(ModelFolder folder)
    {
        folder.RequireClass(TextEncoderPart, "CLIPTextModel");
        folder.RequireClass(UNetPart, nameof(UNet2DConditionModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
    }

    private static void RefuseMisfits(
        ModelFolder folder, ClipTokenizer tokenizer, ClipTextConfig text, UNet2DConditionConfig unet, AutoencoderKLConfig autoencoder)
    {
        folder.RequireFit(
            tokenizer.VocabularySize <= text.VocabularySize,
            $"the tokenizer has {tokenizer.VocabularySize} pieces, the text encoder rows for {text.VocabularySize}");
        folder.RequireFit(
            tokenizer.ModelMaxLength <= text.Positions,
            $"the tokenizer writes {tokenizer.ModelMaxLength} tokens, the text encoder reads {text.Positions}");
        folder.RequireFit(unet.Simple is null, "the unet is one of DeepFloyd IF");
        folder.RequireFit(
            unet.TextWidth == text.Width,
            $"the unet reads text of width {unet.TextWidth}, the text encoder writes {text.Width}");
        folder.RequireFit(
            unet.InChannels == autoencoder.LatentChannels && unet.OutChannels == autoencoder.LatentChannels,
            $"the unet reads {unet.InChannels} and writes {unet.OutChannels} channels, the vae has {autoencoder.LatentChannels}; "
            + "inpainting and depth models are not supported");
    }
}
