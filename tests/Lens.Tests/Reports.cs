using DiffusionLens.Pipelines;

namespace DiffusionLens.Tests;

/// <summary>Progress that is told at once, on the thread that makes it.</summary>
internal sealed class Reports(Action<SamplingProgress> told) : IProgress<SamplingProgress>
{
    public void Report(SamplingProgress value) => told(value);
}
