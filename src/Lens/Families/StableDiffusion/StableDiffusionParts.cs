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

/// <summary>The parts of a Stable Diffusion or Stable Diffusion XL folder, loaded and known to fit each other.</summary>
internal sealed class StableDiffusionParts : IDisposable
{
    /// <summary>The names of the parts, but for text encoders and their tokenizers.</summary>
    public const string
        UNetPart = "unet",
        AutoencoderPart = "vae",
        SchedulerPart = "scheduler";

    /// <param name="folder">The model's folder.</param>
    /// <param name="encoders">Its text encoders.</param>
    /// <param name="options">How it is loaded.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public StableDiffusionParts(ModelFolder folder, IReadOnlyList<ClipPart> encoders, LoadOptions options)
    {
        Placement = new Placement(options.DType, options.Device ?? CPU);
        ClipTextConfig[] texts = [.. encoders.Select(encoder => encoder.Config(folder))];
        UNet2DConditionConfig unet = Denoiser(folder);
        AutoencoderKLConfig autoencoder = Vae(folder);
        Tokenizers = [.. encoders.Select(encoder => encoder.ReadTokenizer(folder).With(options.Cleaning))];
        ZeroesAbsentNegative = StableDiffusionXLFamily.ZeroesAbsentNegative(folder);
        Scheduler = Mended(folder, SchedulerConfig.Of(folder, SchedulerPart));
        RefuseOtherClasses(folder, encoders);
        foreach ((ClipTokenizer tokenizer, ClipTextConfig text) in Tokenizers.Zip(texts))
        {
            RefuseMisfits(folder, tokenizer, text);
        }

        folder.RequireOneLength([.. Tokenizers.Select(tokenizer => tokenizer.ModelMaxLength)]);
        RefuseMisfits(folder, texts, unet, autoencoder);

        // Before memory is asked for: no more is built than the files hold.
        foreach (NetworkPart part in encoders.SelectMany(encoder => encoder.Parts(folder)).Concat(Others(folder)).OfType<NetworkPart>())
        {
            part.Check(options.Variant);
        }

        AutoencoderPlacement = autoencoder.ForceUpcast && options.DType == ScalarType.Float16
            ? Placement with { DType = ScalarType.Float32 }
            : Placement;
        TextEncoders =
        [
            .. encoders.Zip(texts, (encoder, text) => encoder.Network(text, Placement).FilledFrom(folder, encoder.Name, options.Variant)),
        ];
        UNet = new UNet2DConditionModel(unet, Placement).FilledFrom(folder, UNetPart, options.Variant);
        Autoencoder = new AutoencoderKL(autoencoder, AutoencoderPlacement).FilledFrom(folder, AutoencoderPart, options.Variant);
    }

    public Placement Placement { get; }

    public Placement AutoencoderPlacement { get; }

    /// <summary>Whether zeros stand for a negative prompt that is not given.</summary>
    public bool ZeroesAbsentNegative { get; }

    /// <summary>Encoder by encoder.</summary>
    public IReadOnlyList<ClipTokenizer> Tokenizers { get; }

    public IReadOnlyList<ClipTextModel> TextEncoders { get; }

    public UNet2DConditionModel UNet { get; }

    public AutoencoderKL Autoencoder { get; }

    public SchedulerConfig Scheduler { get; }

    public static UNet2DConditionConfig Denoiser(ModelFolder folder)
        => Mended(
            UNet2DConditionConfig.Parse(folder.Config(UNetPart), folder.ConfigPath(UNetPart)),
            SavedBy.Read(folder.Config(UNetPart)));

    public static AutoencoderKLConfig Vae(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    /// <summary>The parts that determine images, but for the text encoders.</summary>
    public static IEnumerable<ModelPart> Others(ModelFolder folder) =>
    [
        NetworkPart.Of(folder, UNetPart, Denoiser, (config, placement) => new UNet2DConditionModel(config, placement)),
        NetworkPart.Of(folder, AutoencoderPart, Vae, (config, placement) => new AutoencoderKL(config, placement)),
        new ConfigPart(folder, SchedulerPart),
    ];

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

        SchedulerConfig scheduler = SchedulerConfig.Of(folder, SchedulerPart);
        ConfigReader keys = scheduler.Reader;
        if (!StableDiffusionXLFamily.Is(folder) && keys.Flag("clip_sample", false))
        {
            yield return $"{SchedulerPart}: clip_sample is taken as false, as diffusers corrects it for latents";
        }

        if (!StableDiffusionXLFamily.Is(folder) && keys.Int("steps_offset", 0, 0, Most.TrainingSteps) != 1)
        {
            yield return $"{SchedulerPart}: steps_offset is taken as 1, as diffusers corrects it";
        }
    }

    public void Dispose()
    {
        foreach (ClipTextModel encoder in TextEncoders)
        {
            encoder.Dispose();
        }

        UNet.Dispose();
        Autoencoder.Dispose();
    }

    /// <summary>
    /// What diffusers' StableDiffusionPipeline (not that of XL) corrects in the scheduler it is given: old files leave out, or have wrong,
    /// that latents are not clipped and that steps begin at 1. And PNDM skips its Runge-Kutta start-up, as published files say, where one
    /// written for another sampler says nothing.
    /// </summary>
    private static SchedulerConfig Mended(ModelFolder folder, SchedulerConfig config)
    {
        SchedulerConfig mended = StableDiffusionXLFamily.Is(folder) ? config : config.With("clip_sample", false).With("steps_offset", 1);
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

    private static void RefuseOtherClasses(ModelFolder folder, IReadOnlyList<ClipPart> encoders)
    {
        foreach (ClipPart encoder in encoders)
        {
            folder.RequireClass(encoder.Name, encoder.ClassName);
        }

        folder.RequireClass(UNetPart, nameof(UNet2DConditionModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
    }

    private static void RefuseMisfits(ModelFolder folder, ClipTokenizer tokenizer, ClipTextConfig text)
    {
        folder.RequireFit(
            tokenizer.VocabularySize <= text.VocabularySize,
            $"the tokenizer has {tokenizer.VocabularySize} pieces, the text encoder rows for {text.VocabularySize}");
        folder.RequireFit(
            tokenizer.ModelMaxLength <= text.Positions,
            $"the tokenizer writes {tokenizer.ModelMaxLength} tokens, the text encoder reads {text.Positions}");
    }

    private static void RefuseMisfits(
        ModelFolder folder, ClipTextConfig[] texts, UNet2DConditionConfig unet, AutoencoderKLConfig autoencoder)
    {
        bool isXL = texts.Length > 1;
        int width = texts.Sum(text => text.Width);
        folder.RequireFit(unet.Simple is null, "the unet is one of DeepFloyd IF");
        folder.RequireFit(
            unet.TextTime is not null == isXL,
            isXL ? "the unet reads no pooled text, as one of Stable Diffusion XL does" : "the unet is one of Stable Diffusion XL");
        folder.RequireFit(
            unet.TextWidth == width,
            $"the unet reads text of width {unet.TextWidth}, the text encoder{(isXL ? "s write" : " writes")} {width}");
        folder.RequireFit(
            !isXL || unet.TextTime!.PooledWidth == texts[^1].ProjectionWidth,
            $"the unet reads pooled text of width {unet.TextTime?.PooledWidth}, the text encoder writes {texts[^1].ProjectionWidth}");
        folder.RequireFit(
            unet.InChannels == autoencoder.LatentChannels && unet.OutChannels == autoencoder.LatentChannels,
            $"the unet reads {unet.InChannels} and writes {unet.OutChannels} channels, the vae has {autoencoder.LatentChannels}; "
            + "inpainting and depth models are not supported");
        folder.RequireFit(autoencoder.ShiftFactor == 0, "the vae has a shift_factor, which this pipeline does not apply");
    }
}
