using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>Guided sampling from the same noise at every checkpoint.</summary>
internal static class SheetSampler
{
    private const int Steps = 12;
    private const float Guidance = 4;

    /// <summary>Samples an image for each caption.</summary>
    /// <param name="shape">Of one: <c>[C, h, w]</c>.</param>
    /// <param name="captions">How many.</param>
    /// <param name="schedule">The sampler's details.</param>
    /// <param name="predict">
    /// The network's answer for noisy samples <c>[2 captions, C, h, w]</c> float32 at a timestep: without the captions, then with them.
    /// </param>
    /// <returns><c>[captions, C, h, w]</c> float32.</returns>
    public static Tensor Run(long[] shape, int captions, SchedulerConfig schedule, Func<Tensor, double, Tensor> predict)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(11, CPU);
        using Scheduler scheduler = Scheduler.Create(Scheduler.PaperName, schedule, Steps);
        Tensor sample = randn([captions, .. shape], generator: generator).Times(scheduler.InitNoiseSigma);
        for (int stepIndex = 0; stepIndex < scheduler.Timesteps.Count; stepIndex++)
        {
            using DisposeScope step = NewDisposeScope();
            Tensor input = scheduler.ScaleModelInput(sample, stepIndex);
            Tensor[] both = predict(cat([input, input]), scheduler.Timesteps[stepIndex]).to(ScalarType.Float32).chunk(2);
            sample = scheduler.Step(both[0].lerp(both[1], tensor(Guidance)), stepIndex, sample).MoveToOuterDisposeScope();
        }

        return sample.MoveToOuterDisposeScope();
    }

    /// <summary>The states of no caption, as often as there are captions, then theirs.</summary>
    public static Tensor States(FrozenEncoders encoders, IReadOnlyList<string> captions) =>
        encoders.States([.. Enumerable.Repeat("", captions.Count), .. captions]);
}
