using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>The parts of a Stable Diffusion folder, loaded and known to fit each other.</summary>
internal sealed class StableDiffusionParts : IDisposable
{
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public StableDiffusionParts(ModelFolder folder, LoadOptions options)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        ClipTextConfig text = ClipTextConfig.Parse(folder.Config("text_encoder"), folder.ConfigPath("text_encoder"));
        UNet2DConditionConfig unet = UNet2DConditionConfig.Parse(folder.Config("unet"), folder.ConfigPath("unet"));
        AutoencoderKLConfig autoencoder = AutoencoderKLConfig.Parse(folder.Config("vae"), folder.ConfigPath("vae"));
        Tokenizer = ClipTokenizer.FromFolder(folder.PathOf("tokenizer"));
        Scheduler = Mended(SchedulerConfig.Parse(folder.Config("scheduler"), folder.ConfigPath("scheduler")));
        RefuseOtherClasses(folder);
        RefuseMisfits(folder, Tokenizer, text, unet, autoencoder);

        AutoencoderPlacement = autoencoder.ForceUpcast && options.DType == ScalarType.Float16
            ? Placement with { DType = ScalarType.Float32 }
            : Placement;
        TextEncoder = new ClipTextModel(text, Placement).FilledFrom(folder, "text_encoder", options.Variant);
        UNet = new UNet2DConditionModel(unet, Placement).FilledFrom(folder, "unet", options.Variant);
        Autoencoder = new AutoencoderKL(autoencoder, AutoencoderPlacement).FilledFrom(folder, "vae", options.Variant);
        NativeRuntime.LeaveNnpackAlone();
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    public ClipTokenizer Tokenizer { get; }

    public ClipTextModel TextEncoder { get; }

    public UNet2DConditionModel UNet { get; }

    public AutoencoderKL Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

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
        folder.RequireClass("text_encoder", "CLIPTextModel");
        folder.RequireClass("unet", nameof(UNet2DConditionModel));
        folder.RequireClass("vae", nameof(AutoencoderKL));
    }

    private static void RefuseMisfits(
        ModelFolder folder, ClipTokenizer tokenizer, ClipTextConfig text, UNet2DConditionConfig unet, AutoencoderKLConfig autoencoder)
    {
        folder.RequireFit(tokenizer.VocabularySize <= text.VocabularySize, $"the tokenizer has {tokenizer.VocabularySize} pieces, the text encoder rows for {text.VocabularySize}");
        folder.RequireFit(tokenizer.ModelMaxLength <= text.Positions, $"the tokenizer writes {tokenizer.ModelMaxLength} tokens, the text encoder reads {text.Positions}");
        folder.RequireFit(unet.Simple is null, "the unet is one of DeepFloyd IF");
        folder.RequireFit(unet.TextWidth == text.Width, $"the unet reads text of width {unet.TextWidth}, the text encoder writes {text.Width}");
        folder.RequireFit(
            unet.InChannels == autoencoder.LatentChannels && unet.OutChannels == autoencoder.LatentChannels,
            $"the unet reads {unet.InChannels} and writes {unet.OutChannels} channels, the vae has {autoencoder.LatentChannels}; inpainting and depth models are not supported");
    }
}
