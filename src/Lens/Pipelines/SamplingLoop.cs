using System.Diagnostics;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A sampler's way from noise to the end, call by call of the denoiser.</summary>
/// <param name="progress">Told after each call.</param>
/// <param name="total">Calls of all runs of this loop.</param>
/// <param name="cancellation">Heeded before each call.</param>
/// <param name="computedIn">The denoiser's type.</param>
/// <param name="damagedWeight">Finds a weight that is not finite, where something else is not; null: nobody looks.</param>
internal sealed class SamplingLoop(
    IProgress<SamplingProgress>? progress,
    int total,
    CancellationToken cancellation,
    ScalarType computedIn = ScalarType.Float32,
    Func<string?>? damagedWeight = null)
{
    private int _done;

    /// <param name="scheduler">A run that has not begun.</param>
    /// <param name="noise">Where it starts, of unit size, <c>[B, C, h, w]</c> in the sampler's type.</param>
    /// <param name="predict">The denoiser, with guidance: of a scaled sample and a timestep.</param>
    /// <param name="draw">Fresh noise of the same shape.</param>
    /// <returns><c>[B, C, h, w]</c>, of the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">NaN or infinity arose in a step.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Tensor Run(Scheduler scheduler, Tensor noise, Func<Tensor, double, Tensor> predict, Func<Tensor> draw)
    {
        Tensor sample = noise.Times(scheduler.InitNoiseSigma);
        for (int call = 0; call < scheduler.Timesteps.Count; call++)
        {
            cancellation.ThrowIfCancellationRequested();
            using Activity? activity = LensActivity.Start("denoise");
            using DisposeScope step = NewDisposeScope();
            Tensor input = scheduler.ScaleModelInput(sample, call);
            Tensor prediction = predict(input, scheduler.Timesteps[call]);
            Tensor? fresh = scheduler.DrawsNoise(call) ? draw() : null;
            sample = scheduler.Step(prediction, call, sample, fresh).MoveToOuterDisposeScope();
            if (!FiniteCheck.AreFinite(prediction, sample))
            {
                throw NotFinite(input, prediction, scheduler, call);
            }

            progress?.Report(new SamplingProgress(++_done, total));
        }

        NativeRuntime.LimitFreeMemory();
        return sample;
    }

    private BadInputException NotFinite(Tensor input, Tensor prediction, Scheduler scheduler, int call)
    {
        bool isOfDenoiser = FiniteCheck.AreFinite(input) && !FiniteCheck.AreFinite(prediction);
        IReadOnlyList<double> timesteps = scheduler.Timesteps;
        string step = FormattableString.Invariant($"step {call + 1} of {timesteps.Count} (timestep {timesteps[call]:0.###})");
        return isOfDenoiser
            ? FiniteCheck.Error(
                $"the denoiser at {step}", computedIn, damagedWeight?.Invoke(), "compute in another type, or with less guidance")
            : new BadInputException(
                $"NaN or infinity arose in the sampler at {step}, not in the denoiser; "
                + "take another scheduler, other settings of this one, or another number of steps");
    }
}
