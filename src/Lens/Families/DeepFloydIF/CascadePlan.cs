using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>Settings checked against a cascade: sizes, batches and calls of each stage.</summary>
internal sealed class CascadePlan
{
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public CascadePlan(DeepFloydIFParts parts, SamplerSettings settings)
    {
        Settings = settings;
        PixelStage first = parts.First;
        PixelStage? second = settings.SuperResolution is null ? null : parts.Second;
        int enlargement = second?.Enlargement ?? 1, step = LeastCommonMultiple(first.SideStep * enlargement, second?.SideStep ?? 1);
        long height = Side("height", settings.Height), width = Side("width", settings.Width);
        SmallShape = [1, PixelStage.Channels, height / enlargement, width / enlargement];
        long smallArea = height * width / (enlargement * enlargement);
        SmallAtOnce = BatchLimit.Of(BatchLimit.UNetValues(smallArea, first.UNet, settings.IsGuided), parts.Placement);
        SmallCalls = CallsOf(first, settings);
        if (second is not null)
        {
            SamplerSettings enlarging = settings.SuperResolution!.Over(settings);
            int level = settings.SuperResolution.NoiseLevel, levels = second.NoisingAlphas!.Count;
            Second = new Enlargement(
                second,
                enlarging,
                level >= 0 && level < levels
                    ? level
                    : throw new BadInputException($"noise level is {level}; it must be 0 to {levels - 1}"),
                [1, PixelStage.Channels, height, width],
                BatchLimit.Of(BatchLimit.UNetValues(height * width, second.UNet, enlarging.IsGuided), parts.Placement),
                CallsOf(second, enlarging));
        }

        long Side(string name, int? asked)
        {
            int length = asked ?? (first.UNet.SampleSize * enlargement);
            return length > 0 && length % step == 0
                ? BatchLimit.Side(name, length)
                : throw new BadInputException($"{name} is {length}; this model makes images whose sides are multiples of {step}");
        }
    }

    /// <summary>How the first stage samples.</summary>
    public SamplerSettings Settings { get; }

    /// <summary>Of an image of the first stage, <c>[1, 3, h, w]</c>.</summary>
    public long[] SmallShape { get; }

    /// <summary>How many images the first stage makes together.</summary>
    public int SmallAtOnce { get; }

    /// <summary>The second stage; null: there is none, or it is not wanted.</summary>
    public Enlargement? Second { get; }

    private int SmallCalls { get; }

    /// <summary>Calls of both stages' networks for one batch of the first stage.</summary>
    public int Calls(int images) => SmallCalls + (Second is null ? 0 : Second.Calls * ((images + Second.AtOnce - 1) / Second.AtOnce));

    private static int CallsOf(PixelStage stage, SamplerSettings settings)
    {
        using Scheduler scheduler = stage.CreateScheduler(settings);
        return scheduler.Timesteps.Count;
    }

    private static int LeastCommonMultiple(int one, int other)
    {
        int multiple = one;
        while (multiple % other != 0)
        {
            multiple += one;
        }

        return multiple;
    }

    /// <summary>The second stage's share.</summary>
    /// <param name="Stage">The stage.</param>
    /// <param name="Settings">How it samples.</param>
    /// <param name="NoiseLevel">How noisy the small image is made, 0..999.</param>
    /// <param name="Shape">Of one image, <c>[1, 3, H, W]</c>.</param>
    /// <param name="AtOnce">How many images it makes together.</param>
    /// <param name="Calls">Calls of its network for one batch.</param>
    internal sealed record Enlargement(PixelStage Stage, SamplerSettings Settings, int NoiseLevel, long[] Shape, int AtOnce, int Calls);
}
