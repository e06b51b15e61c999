using DiffusionLens.Pipelines;

namespace Experiments.Models;

/// <summary>The share of the sampling that is done, 0..1, told at once.</summary>
internal sealed class SamplingFraction(Action<double> told) : IProgress<SamplingProgress>
{
    /// <inheritdoc/>
    public void Report(SamplingProgress value) => told((double)value.Done / value.Total);
}
