using DiffusionLens.Pipelines;

namespace Experiments.Runs;

/// <summary>The share of the sampling that is done, 0..1, told at once.</summary>
/// <param name="told">Told it.</param>
internal sealed class SamplingFraction(Action<double> told) : IProgress<SamplingProgress>
{
    /// <inheritdoc/>
    public void Report(SamplingProgress value) => told((double)value.Done / value.Total);
}
