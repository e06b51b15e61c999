using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A sampler's way from noise to the end, call by call of the denoiser.</summary>
/// <param name="progress">Told after each call.</param>
/// <param name="total">Calls of all runs of this loop.</param>
/// <param name="cancellation">Heeded before each call.</param>
internal sealed class SamplingLoop(IProgress<SamplingProgress>? progress, int total, CancellationToken cancellation)
{
    private int _done;

    /// <param name="scheduler">A run that has not begun.</param>
    /// <param name="noise">Where it starts, of unit size, <c>[B, C, h, w]</c> in the sampler's type.</param>
    /// <param name="predict">The denoiser, with guidance: of a scaled sample and a timestep.</param>
    /// <param name="draw">Fresh noise of the same shape.</param>
    /// <returns><c>[B, C, h, w]</c>, of the caller's dispose scope.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Tensor Run(Scheduler scheduler, Tensor noise, Func<Tensor, double, Tensor> predict, Func<Tensor> draw)
    {
        Tensor sample = noise.Times(scheduler.InitNoiseSigma);
        for (int call = 0; call < scheduler.Timesteps.Count; call++)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope step = NewDisposeScope();
            Tensor prediction = predict(scheduler.ScaleModelInput(sample, call), scheduler.Timesteps[call]);
            Tensor? fresh = scheduler.DrawsNoise(call) ? draw() : null;
            sample = scheduler.Step(prediction, call, sample, fresh).MoveToOuterDisposeScope();
            progress?.Report(new SamplingProgress(++_done, total));
        }

        return sample;
    }
}
