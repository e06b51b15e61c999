using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>How to sample, as far as the command line says; it comes before what a spec or a model says.</summary>
/// <param name="Scheduler">One of <see cref="SamplerSpec.Schedulers"/>, or null.</param>
/// <param name="Steps">Denoising steps, 1 to 1000, or null.</param>
/// <param name="Guidance">Scale of classifier-free guidance, 1 to 100, or null.</param>
internal sealed record SamplerRequest(string? Scheduler, int? Steps, double? Guidance)
{
    private const int DefaultSteps = 20;

    /// <summary>Fills in what was left open.</summary>
    /// <param name="spec">What the experiment says.</param>
    /// <param name="modelGuidance">The model's own scale.</param>
    /// <returns>The same with scheduler, steps and guidance given; height and width may stay open.</returns>
    public SamplerSpec Over(SamplerSpec spec, double modelGuidance) => spec with
    {
        Scheduler = Scheduler ?? spec.Scheduler ?? SamplerSpec.Schedulers[0],
        Steps = Steps ?? spec.Steps ?? DefaultSteps,
        Guidance = Guidance ?? spec.Guidance ?? modelGuidance,
    };
}
