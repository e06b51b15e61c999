using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>A stage of a cascade before its network is loaded.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="UNet">The sizes of its network, which works on pixels.</param>
/// <param name="Scheduler">Its samplers' details.</param>
/// <param name="NoisingAlphas">ᾱ_t of the noise that the smaller image gets; null: this stage makes the first image.</param>
/// <param name="Enlargement">How many times longer the sides of its images are than those that it gets; 1 for the first stage.</param>
internal sealed record PixelStage(
    ModelFolder Folder, UNet2DConditionConfig UNet, SchedulerConfig Scheduler, IReadOnlyList<double>? NoisingAlphas, int Enlargement)
{
    /// <summary>The names of its parts; the last is of a stage that enlarges.</summary>
    public const string UNetPart = "unet", SchedulerPart = "scheduler", NoisingPart = "image_noising_scheduler";

    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;

    /// <summary>Sides of its images are multiples of this, so that the network can halve them at each resolution.</summary>
    public int SideStep => 1 << (UNet.BlockOutChannels.Count - 1);

    /// <summary>The stage that makes an image from noise.</summary>
    /// <exception cref="BadInputException">A part is missing, not supported, or does not fit the others.</exception>
    public static PixelStage Read(ModelFolder folder, T5Config text) => Read(folder, text, noisingAlphas: null, _ => 1);

    /// <summary>The stage that enlarges the images of <paramref name="before"/>.</summary>
    /// <exception cref="BadInputException">A part is missing, not supported, or does not fit the others or the stage before.</exception>
    public static PixelStage ReadUpscaler(ModelFolder folder, PixelStage before, T5Config text)
    {
        folder.RequireClass(NoisingPart, "DDPMScheduler");
        SchedulerConfig noising = SchedulerConfig.Of(folder, NoisingPart);
        double[] alphas = NoiseSchedule.RescaledAlphasCumprod(noising);
        return Read(folder, text, alphas, unet =>
        {
            int small = before.UNet.SampleSize, large = unet.SampleSize;
            folder.RequireFit(
                large % small == 0,
                $"the unet makes images of side {large}, which is no multiple of {small}, the side of those it enlarges");
            return large / small;
        });
    }

    /// <summary>The sizes of a stage's network.</summary>
    public static UNet2DConditionConfig UNetOf(ModelFolder folder)
        => UNet2DConditionConfig.Parse(folder.Config(UNetPart), folder.ConfigPath(UNetPart));

    /// <summary>A run of the sampler.</summary>
    /// <exception cref="BadInputException">The sampler is unknown, or cannot do what the config or the options ask for.</exception>
    public Scheduler CreateScheduler(SamplerSettings settings)
        => settings.CreateScheduler(Scheduler, predictsVariance: UNet.OutChannels == 2 * Channels);

    private static PixelStage Read(ModelFolder folder, T5Config text, double[]? noisingAlphas, Func<UNet2DConditionConfig, int> enlargement)
    {
        bool enlarges = noisingAlphas is not null;
        folder.RequireClass(UNetPart, nameof(UNet2DConditionModel));
        UNet2DConditionConfig unet = UNetOf(folder);
        SchedulerConfig scheduler = SchedulerConfig.Of(folder, SchedulerPart);
        int inputs = enlarges ? 2 * Channels : Channels;
        folder.RequireFit(unet.Simple is not null, "the unet is one of Stable Diffusion");
        folder.RequireFit(
            unet.Simple!.StateWidth == text.Width,
            $"the unet reads text of width {unet.Simple.StateWidth}, the text encoder writes {text.Width}");
        folder.RequireFit(
            unet.SampleWidth is null || unet.SampleWidth == unet.SampleSize,
            $"the unet makes images of {unet.SampleWidth}×{unet.SampleSize} pixels; those of DeepFloyd IF are square");
        folder.RequireFit(
            unet.InChannels == inputs && unet.OutChannels is Channels or 2 * Channels,
            $"the unet reads {unet.InChannels} and writes {unet.OutChannels} channels; "
            + $"it should read {inputs} and write {2 * Channels}, or {Channels} without a variance");
        folder.RequireFit(
            unet.Simple.EmbedsNoiseLevel == enlarges,
            enlarges ? "the unet takes no noise level" : "the unet wants a noise level, as one that enlarges does");
        using Scheduler ancestral = new DdpmScheduler(scheduler, steps: 1);
        folder.RequireFit(
            !ancestral.ReadsVariance || unet.OutChannels == 2 * Channels,
            "the scheduler wants a variance, which the unet does not predict");
        return new PixelStage(folder, unet, scheduler, noisingAlphas, enlargement(unet));
    }
}
