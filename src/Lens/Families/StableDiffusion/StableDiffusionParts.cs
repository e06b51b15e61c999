using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
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
        Tokenizer = folder.ClipTokenizer(TokenizerPart);
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
        => Mended(
            UNet2DConditionConfig.Parse(folder.Config(UNetPart), folder.ConfigPath(UNetPart)),
            SavedBy.Read(folder.Config(UNetPart)));

    public static AutoencoderKLConfig Vae(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    /// <summary>What the configs leave out or have otherwise than it is taken here, in words.</summary>
    public static IEnumerable<string> Assumptions(ModelFolder folder)
    {
        UNet2DConditionConfig asItStands = UNet2DConditionConfig.Parse(folder.Config(UNetPart), folder.ConfigPath(UNetPart));
        if (Denoiser(folder).SampleSize is int taken && taken != asItStands.SampleSize)
        {
            yield return $"{UNetPart}: sample_size {asItStands.SampleSize} is taken as {taken}, as of diffusers before 0.9";
        }

        ConfigReader autoencoder = new(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));
        if (!autoencoder.Has("scaling_factor"))
        {
            yield return $"{AutoencoderPart}: scaling_factor is left out and taken as {Vae(folder).ScalingFactor}";
        }

        SchedulerConfig scheduler = SchedulerConfig.Parse(folder.Config(SchedulerPart), folder.ConfigPath(SchedulerPart));
        ConfigReader keys = scheduler.Reader;
        if (keys.Flag("clip_sample", false))
        {
            yield return $"{SchedulerPart}: clip_sample is taken as false, as diffusers corrects it for latents";
        }

        if (keys.Int("steps_offset", 0) != 1)
        {
            yield return $"{SchedulerPart}: steps_offset is taken as 1, as diffusers corrects it";
        }
    }

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

    /// <summary>
    /// Before 0.9 diffusers took no notice of <c>sample_size</c> and always made 64×64 latents; files of then hold other numbers, and
    /// diffusers' StableDiffusionPipeline corrects those.
    /// </summary>
    private static UNet2DConditionConfig Mended(UNet2DConditionConfig config, SavedBy version)
    {
        const int Always = 64;
        return version.IsBefore(0, 9) && config.SampleWidth is null && config.SampleSize < Always
            ? config with { SampleSize = Always }
            : config;
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
