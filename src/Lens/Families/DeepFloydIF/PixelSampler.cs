using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>Samples the images of one stage of a cascade.</summary>
/// <param name="unet">The stage's network, loaded.</param>
/// <param name="stage">The stage.</param>
/// <param name="placement">Where it is, and in which type.</param>
/// <param name="settings">How this stage samples.</param>
/// <param name="loop">Runs the sampler.</param>
internal sealed class PixelSampler(
    UNet2DConditionModel unet, PixelStage stage, Placement placement, SamplerSettings settings, SamplingLoop loop)
{
    /// <summary>Samplers lose too much in half precision.</summary>
    private ScalarType SamplerType => placement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Makes the images of a batch.</summary>
    /// <param name="batch">Which; at most as many as fit in memory.</param>
    /// <param name="text">What each sample for the network gets of its text.</param>
    /// <param name="shape">Of one image, <c>[1, 3, H, W]</c>.</param>
    /// <param name="seedOf">The seed that the stage draws from, of an image's seed.</param>
    /// <param name="context">Makes what the network gets beside the noisy image, drawing from the noise after the start: or null.</param>
    /// <returns><c>[B, 3, H, W]</c>, -1..1 but for overshoot, in the sampler's type.</returns>
    public Tensor Run(
        ImageBatch batch,
        IReadOnlyList<SampleGroup<CrossAttentionStates>> text,
        long[] shape,
        Func<ulong, ulong> seedOf,
        Func<Func<Tensor>, UNetContext>? context = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scheduler scheduler = stage.CreateScheduler(settings);
        using BatchNoise noise = new(batch.Requests.Select(request => seedOf(request.Seed)));
        Tensor start = Draw(settings.OnGrid);
        UNetContext? beside = context?.Invoke(() => Draw(settings.OnGrid));
        return loop.Run(scheduler, start, Predict, () => Draw(draw => draw)).MoveToOuterDisposeScope();

        Tensor Draw(Func<Tensor, Tensor> rounded) => rounded(noise.Draw(draw => draw.Next(shape))).to(SamplerType, placement.Device);

        Tensor Predict(Tensor sample, double timestep) => Guided(sample, timestep, text, beside, scheduler.ReadsVariance);
    }

    /// <summary>The network's whole answer, without guidance: <c>[B, 3 or 6, H, W]</c>, noise and then perhaps variance.</summary>
    public Tensor Answer(
        Tensor sample, double timestep, IReadOnlyList<SampleGroup<CrossAttentionStates>> text, UNetContext? beside)
    {
        Tensor input = beside is null ? sample : cat([sample, beside.Image], 1);
        Tensor? level = beside is null ? null : tensor((double)beside.NoiseLevel, SamplerType, placement.Device);
        Tensor time = tensor(timestep, SamplerType, placement.Device);
        return SampleGroups
            .Denoised(text, input.to(placement.DType, placement.Device), (some, alike) => unet.forward(some, time, alike, level))
            .to(SamplerType);
    }

    /// <summary>The guidance moves the noise alone; the variance is the conditioning's.</summary>
    private Tensor Guided(
        Tensor sample,
        double timestep,
        IReadOnlyList<SampleGroup<CrossAttentionStates>> text,
        UNetContext? beside,
        bool readsVariance)
    {
        if (!settings.IsGuided)
        {
            Tensor answer = Answer(sample, timestep, text, beside);
            return readsVariance ? answer : Noise(answer);
        }

        UNetContext? twice = beside is null ? null : beside with { Image = cat([beside.Image, beside.Image], 0) };
        Tensor[] both = Answer(cat([sample, sample], 0), timestep, text, twice).chunk(2, 0);
        Tensor without = Noise(both[0]), with = Noise(both[1]);
        Tensor noise = without.PlusScaled(with.sub(without), settings.Guidance);
        return readsVariance ? cat([noise, both[1].narrow(1, PixelStage.Channels, PixelStage.Channels)], 1) : noise;
    }

    private static Tensor Noise(Tensor answer) => answer.narrow(1, 0, PixelStage.Channels);
}

/// <summary>What a stage that enlarges gets beside its own noisy image.</summary>
/// <param name="Image">The smaller image, enlarged and noised, <c>[B, 3, H, W]</c>.</param>
/// <param name="NoiseLevel">How noisy it is, 0..999.</param>
internal sealed record UNetContext(Tensor Image, int NoiseLevel);
