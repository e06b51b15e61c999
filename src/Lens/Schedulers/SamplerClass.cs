namespace DiffusionLens.Schedulers;

/// <summary>A sampler as it is named, and how a run of it is made.</summary>
/// <param name="Name">On the command line and in specs.</param>
/// <param name="ClassName">In a <c>scheduler_config.json</c>: diffusers' class.</param>
/// <param name="Make">Makes a run of a config and steps; the last is null where the pipeline says nothing.</param>
internal sealed record SamplerClass(string Name, string ClassName, Func<SchedulerConfig, int, PipelineSchedule?, Scheduler> Make)
{
    /// <summary>One that has no use for what a pipeline says.</summary>
    public SamplerClass(string name, string className, Func<SchedulerConfig, int, Scheduler> make)
        : this(name, className, (config, steps, pipeline) => pipeline is null or { Mu: null, Sigmas: null }
            ? make(config, steps)
            : throw new BadInputException($"scheduler is '{name}', which cannot follow this kind of model's own schedule"))
    {
    }

    /// <summary>A run of <paramref name="steps"/> steps.</summary>
    /// <exception cref="BadInputException">The config asks for what is not supported, or the pipeline for what this sampler cannot do.</exception>
    public Scheduler Create(SchedulerConfig config, int steps, PipelineSchedule? pipeline) => Make(config, steps, pipeline);
}
