using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>A sampler as it is named, and how a run of it is made.</summary>
/// <param name="Name">On the command line and in specs.</param>
/// <param name="ClassName">In a <c>scheduler_config.json</c>: diffusers' class.</param>
/// <param name="Make">Makes a run of a config and steps; the last is null where the pipeline says nothing.</param>
internal sealed record SamplerClass(string Name, string ClassName, Func<SchedulerConfig, int, PipelineSchedule?, Scheduler> Make)
{
    private const string FlowClasses = "FlowMatch";

    /// <summary>One that has no use for what a pipeline says.</summary>
    public SamplerClass(string name, string className, Func<SchedulerConfig, int, Scheduler> make)
        : this(name, className, (config, steps, pipeline) => pipeline is null or { Mu: null, Sigmas: null }
            ? make(config, steps)
            : throw new BadInputException($"scheduler is '{name}', which cannot follow this kind of model's own schedule"))
    {
    }

    /// <summary>Whether it samples rectified flows, and nothing else.</summary>
    public bool SamplesFlowsOnly => ClassName.StartsWith(FlowClasses, StringComparison.Ordinal);

    /// <summary>Whether a file is one of a rectified flow's; null: it does not say.</summary>
    public static bool? IsOfFlow(SchedulerConfig config)
        => config.SaysFlow ? true : config.ClassName?.StartsWith(FlowClasses, StringComparison.Ordinal);

    /// <summary>The one that a file was written for.</summary>
    /// <exception cref="BadInputException">The file does not say which, or one that is not supported.</exception>
    public static SamplerClass OfConfig(SchedulerConfig config)
    {
        string names = string.Join(", ", SamplerClasses.All.Select(kind => kind.Name));
        string name = config.ClassName
            ?? throw config.Reader.Error($"it has no _class_name, so that a sampler must be named (scheduler): one of {names}");
        return SamplerClasses.All.FirstOrDefault(kind => kind.ClassName == name)
            ?? throw config.Reader.Error(
                $"its class is {name}, which is not supported; name another sampler (scheduler): one of {names}");
    }

    /// <summary>A run of <paramref name="steps"/> steps.</summary>
    /// <exception cref="BadInputException">
    /// The config asks for what is not supported, or the pipeline for what this sampler cannot do.
    /// </exception>
    public Scheduler Create(SchedulerConfig config, int steps, PipelineSchedule? pipeline)
    {
        ConfigReader reader = config.Reader;
        bool saysFlow = config.SaysFlow, isFlow = IsOfFlow(config) ?? SamplesFlowsOnly;
        config.Read.Clear();
        if (SamplesFlowsOnly && !isFlow)
        {
            throw reader.Error($"the model is no rectified flow, which is all that '{Name}' can sample");
        }

        return SamplesFlowsOnly || !isFlow || saysFlow
            ? Make(config, steps, pipeline)
            : throw reader.Error(
                $"the model is a rectified flow, which '{Name}' cannot sample as it is set; flow_match_euler and flow_match_heun can, "
                + "and unipc, deis and the DPM-Solvers with use_flow_sigmas=true, prediction_type=flow_prediction and its flow_shift");
    }
}
