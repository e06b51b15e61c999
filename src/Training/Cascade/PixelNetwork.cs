using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using Training.Denoiser;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>The UNet of one stage with its loss and a sampler.</summary>
internal sealed class PixelNetwork : IDisposable
{
    /// <summary>
    /// How noisy stage II's small images are when images are made (diffusers: IFSuperResolutionPipeline's noise_level).
    /// </summary>
    public const int NoiseLevel = 50;

    /// <summary>Those that a training meets are below this.</summary>
    private const int LevelsMet = 2 * NoiseLevel;

    private const int Channels = 3;

    private readonly SchedulerConfig _schedule = SchedulerConfig.Parse(
        JsonSerializer.SerializeToElement(CascadeFiles.Scheduler), "scheduler_config.json");
    private readonly ScalarType _dtype;
    private readonly LearnedRange _range;

    private PixelNetwork(UNet2DConditionModel unet, ScalarType dtype)
    {
        (UNet, _dtype) = (unet, dtype);
        _range = new LearnedRange(NoiseSchedule.AlphasCumprod(_schedule));
    }

    public UNet2DConditionModel UNet { get; }

    public static PixelNetwork Create(JsonObject config, TrainingOptions options)
    {
        UNet2DConditionModel unet = new(
            UNet2DConditionConfig.Parse(JsonSerializer.SerializeToElement(config), "unet/config.json"), new Placement(options.DType, CPU));
        InitialValues.Set(unet, (long)options.Seed);
        return new PixelNetwork(unet, options.DType);
    }

    /// <summary>
    /// A step's loss; timesteps are spread evenly over the batch, and so are the noise levels of small images, the other way round.
    /// </summary>
    /// <param name="images"><c>[B, 3, h, w]</c> float32, -1..1.</param>
    /// <param name="states">Of their captions, <c>[B, T, width]</c>.</param>
    /// <param name="generator">Where all chance comes from.</param>
    /// <param name="halved">Stage II's small images, <c>[B, 3, h / 2, w / 2]</c> float32; null: stage I.</param>
    public Tensor Loss(Tensor images, Tensor states, Generator generator, Tensor? halved = null)
    {
        long count = images.shape[0];
        Tensor timesteps = Timesteps.Spread(count, _range.TimestepCount, generator);
        Tensor epsilon = randn(images.shape, generator: generator), noisy = _range.Noisy(images, epsilon, timesteps);
        (Tensor Image, Tensor Level)? beside = null;
        if (halved is not null)
        {
            Tensor levels = Timesteps.Spread(count, LevelsMet, generator)
                .index_select(0, randperm(count, ScalarType.Int64, generator: generator));
            beside = (Noised(halved, levels, generator), levels);
        }

        return _range.Loss(
            Answer(noisy, timesteps, UNet.ProjectText(states), beside), _range.Velocity(images, epsilon, timesteps), timesteps);
    }

    /// <summary>An image for each caption, <c>[captions, 3, h, w]</c> float32, -1..1 but for overshoot.</summary>
    /// <param name="language">The text encoder.</param>
    /// <param name="captions">What to draw.</param>
    /// <param name="small">Stage I's images; null: this is stage I.</param>
    public Tensor Sample(FrozenLanguage language, IReadOnlyList<string> captions, Tensor? small = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(12, CPU);
        long side = UNet.Config.SampleSize;
        CrossAttentionStates text = UNet.ProjectText(SheetSampler.States(language, captions));
        Tensor levels = full(captions.Count, NoiseLevel, ScalarType.Int64);
        (Tensor Image, Tensor Level)? beside = small is null ? null : Twice(Noised(small, levels, generator), levels);
        return SheetSampler.Run(
            [Channels, side, side],
            captions.Count,
            _schedule,
            (sample, timestep) => Answer(sample, tensor(timestep), text, beside).narrow(1, 0, Channels)).MoveToOuterDisposeScope();
    }

    /// <summary>Pixels for looking at: <c>[B, 3, 64, 64]</c>, 0..1.</summary>
    public static Tensor Shown(Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        return Enlarged(images).Times(0.5).Plus(0.5).ClampTo(0, 1).MoveToOuterDisposeScope();
    }

    public void Dispose() => UNet.Dispose();

    private static (Tensor Image, Tensor Level) Twice(Tensor image, Tensor levels) => (cat([image, image]), cat([levels, levels]));

    private static Tensor Enlarged(Tensor small)
        => nn.functional.interpolate(
            small, size: [CascadeFiles.LargeSide, CascadeFiles.LargeSide], mode: InterpolationMode.Bilinear, align_corners: true);

    private Tensor Noised(Tensor small, Tensor levels, Generator generator)
    {
        Tensor large = Enlarged(small);
        return _range.Noisy(large, randn(large.shape, generator: generator), levels);
    }

    private Tensor Answer(Tensor sample, Tensor timesteps, CrossAttentionStates text, (Tensor Image, Tensor Level)? beside)
    {
        Tensor input = beside is { } small ? cat([sample, small.Image], 1) : sample;
        return UNet.forward(input.to(_dtype), timesteps, text, beside?.Level).to(ScalarType.Float32);
    }
}
