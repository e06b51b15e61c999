using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// A sampler: turns noise into an image by asking the denoiser about ever less noisy samples. One instance is one run; its tables
/// are computed in float64. A run is: sample = noise · <see cref="InitNoiseSigma"/>; then for each call in order
/// sample = <see cref="Step"/>(denoiser(<see cref="ScaleModelInput"/>(sample), <see cref="Timesteps"/>[stepIndex]), stepIndex, sample).
/// </summary>
public abstract class Scheduler : IDisposable
{
    private static readonly Dictionary<string, SamplerClass> Classes
        = SamplerClasses.All.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    private readonly List<RecentTensors> _memories = [];

    private protected Scheduler()
    {
    }

    /// <summary>The paper's authors' choice for Stable Diffusion.</summary>
    public const string PaperName = SamplerClasses.DpmSolver;

    /// <summary>The names that <see cref="Create(string, SchedulerConfig, int)"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => SamplerNames.All;

    /// <summary>Those that sample rectified flows, and nothing else.</summary>
    internal static IReadOnlyCollection<string> FlowNames { get; } =
        [.. SamplerClasses.All.Where(kind => kind.SamplesFlowsOnly).Select(kind => kind.Name)];

    /// <summary>The training step at each call of the denoiser, falling; as many as calls. Some samplers use fractional ones.</summary>
    public abstract IReadOnlyList<double> Timesteps { get; }

    /// <summary>The size of the noise that a run starts from.</summary>
    public virtual double InitNoiseSigma => 1;

    /// <summary>Whether <see cref="Step"/> needs fresh noise, at the calls where <see cref="DrawsNoise"/> says so.</summary>
    public virtual bool IsStochastic => false;

    /// <summary>Whether <see cref="Step"/> reads a variance too, in channels of the denoiser's answer after the prediction's.</summary>
    internal virtual bool ReadsVariance => false;

    /// <summary>
    /// The noise at each call and after the last, for samplers whose table it is: σ/α of the sample, or a rectified flow's σ.
    /// </summary>
    internal virtual IReadOnlyList<double>? Sigmas => null;

    /// <summary>Makes the sampler called <paramref name="name"/>, from a config that may have been written for another one.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="config">The model's own.</param>
    /// <param name="steps">How many steps to make, 1 or more.</param>
    /// <exception cref="BadInputException">The name is unknown, or the config asks for what is not supported.</exception>
    public static Scheduler Create(string name, SchedulerConfig config, int steps)
        => Create(name, config, steps, pipeline: null);

    /// <summary>The same, with what the pipeline says of its schedule.</summary>
    /// <exception cref="BadInputException">
    /// The name is unknown, the config asks for what is not supported, or the sampler has no use for what the pipeline says.
    /// </exception>
    internal static Scheduler Create(string name, SchedulerConfig config, int steps, PipelineSchedule? pipeline)
        => Classes.TryGetValue(name, out SamplerClass? kind)
            ? Finite(kind.Create(config, steps, pipeline), config)
            : throw new BadInputException($"scheduler is '{name}'; it must be one of {string.Join(", ", Names)}");

    /// <summary>What no single number of a config says: whether all of them together make levels of noise.</summary>
    private static Scheduler Finite(Scheduler made, SchedulerConfig config)
        => made.Timesteps.All(double.IsFinite)
            && (made.Sigmas ?? []).All(sigma => double.IsFinite(sigma) && sigma >= 0) && double.IsFinite(made.InitNoiseSigma)
            ? made
            : throw config.Reader.Error("its numbers together make levels of noise that are below 0 or not finite");

    /// <summary>Whether <see cref="Step"/> needs fresh noise at this call. A run draws it then, after the denoiser's answer.</summary>
    /// <param name="stepIndex">0, 1, ... in order.</param>
    public virtual bool DrawsNoise(int stepIndex) => IsStochastic;

    /// <summary>What the denoiser gets for <paramref name="sample"/>: for most samplers the sample itself.</summary>
    /// <param name="sample"><c>[B, C, H, W]</c>.</param>
    /// <param name="stepIndex">0, 1, ... in order.</param>
    public virtual Tensor ScaleModelInput(Tensor sample, int stepIndex) => sample;

    /// <summary>Goes on to the next, less noisy sample, in the sample's type.</summary>
    /// <param name="modelOutput">The denoiser's answer, of the sample's type, <c>[B, C or more, H, W]</c>.</param>
    /// <param name="stepIndex">0, 1, ... in order: samplers remember earlier answers.</param>
    /// <param name="sample"><c>[B, C, H, W]</c>.</param>
    /// <param name="noise">Normal draws of the sample's shape, where the sampler <see cref="DrawsNoise"/>.</param>
    public abstract Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null);

    /// <summary>Frees what the run remembered.</summary>
    public void Dispose()
    {
        _memories.ForEach(memory => memory.Dispose());
        GC.SuppressFinalize(this);
    }

    /// <summary>Room for the last <paramref name="capacity"/> tensors of a kind, freed with the run.</summary>
    private protected RecentTensors Remember(int capacity)
    {
        RecentTensors memory = new(capacity);
        _memories.Add(memory);
        return memory;
    }
}
