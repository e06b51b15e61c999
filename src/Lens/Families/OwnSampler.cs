namespace DiffusionLens.Families;

/// <summary>How a model makes its images that other samplers do not serve: one that was distilled, or trained on straight paths.</summary>
/// <param name="Scheduler">
/// One of <see cref="Schedulers.Scheduler.Names"/>, as its folder says; of a rectified flow's class that is none of them the class's own
/// name, which no sampler has, so that another must be chosen.
/// </param>
/// <param name="Steps">How many steps its authors take.</param>
public sealed record OwnSampler(string Scheduler, int Steps);
