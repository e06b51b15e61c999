using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// Euler's method on a rectified flow (arXiv 2209.03003): samples are x = (1 - σ) · image + σ · noise, and the denoiser says
/// noise - image. With <c>stochastic_sampling</c> the predicted image is noised afresh at each step.
/// </summary>
internal sealed class FlowMatchEulerDiscreteScheduler : Scheduler
{
    private readonly double[] _timesteps, _sigmas;

    /// <summary>A run of <paramref name="steps"/> calls.</summary>
    /// <param name="config">The model's scheduler config, of this class or another.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="pipeline">What the pipeline adds; its sigmas are as many as steps.</param>
    /// <exception cref="BadInputException">
    /// The config asks for what is not supported, or for a μ that the pipeline does not give.
    /// </exception>
    public FlowMatchEulerDiscreteScheduler(SchedulerConfig config, int steps, PipelineSchedule? pipeline = null)
    {
        ConfigReader reader = config.Reader;
        SigmaSpacing spacing = SigmaSpacings.Of(reader, SigmaSpacing.Karras, SigmaSpacing.Exponential, SigmaSpacing.Beta);
        int trained = NoiseSchedule.TrainingSteps(reader);
        double[] sigmas = Shifted(reader, FlowSigmas(reader, steps, trained, pipeline), pipeline);
        if (spacing != SigmaSpacing.Timesteps)
        {
            sigmas = spacing.Between(reader, sigmas[0], sigmas[^1], steps);
        }

        bool inverted = reader.Flag("invert_sigmas", false);
        sigmas = inverted ? [.. sigmas.Select(sigma => 1 - sigma)] : sigmas;
        _timesteps = [.. sigmas.Select(sigma => sigma * trained)];
        _sigmas = [.. sigmas, inverted ? 1 : 0];
        IsStochastic = reader.Flag("stochastic_sampling", false);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<double> Timesteps => _timesteps;

    /// <inheritdoc/>
    public override bool IsStochastic { get; }

    /// <inheritdoc/>
    internal override IReadOnlyList<double> Sigmas => _sigmas;

    /// <inheritdoc/>
    public override Tensor Step(Tensor modelOutput, int stepIndex, Tensor sample, Tensor? noise = null)
    {
        double now = _sigmas[stepIndex], next = _sigmas[stepIndex + 1];
        if (!IsStochastic)
        {
            return sample.PlusScaled(modelOutput, next - now);
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor image = sample.PlusScaled(modelOutput, -now);
        return image.Times(1 - next).PlusScaled(noise!, next).MoveToOuterDisposeScope();
    }

    /// <summary>The levels before the shift. The scheduler's own walk ends at the level that a fixed shift makes of the last one.</summary>
    private static IReadOnlyList<double> FlowSigmas(ConfigReader reader, int steps, int trained, PipelineSchedule? pipeline)
    {
        Spacing.RequireSteps(steps);
        if (pipeline?.Sigmas is { } given)
        {
            return given.Count == steps ? given : throw new ArgumentException($"{given.Count} sigmas for {steps} steps", nameof(pipeline));
        }

        double last = 1.0 / trained;
        last = reader.Flag("use_dynamic_shifting", false) ? last : FlowShift.Shifted(last, reader.Number("shift", 1, NumberRange.Factor));
        return [.. Spacing.Even(trained, last * trained, steps).Select(timestep => timestep / trained)];
    }

    private static double[] Shifted(ConfigReader reader, IReadOnlyList<double> sigmas, PipelineSchedule? pipeline)
    {
        double shift = reader.Number("shift", 1, NumberRange.Factor), terminal = reader.Number("shift_terminal", 0, FlowShift.Terminal);
        Func<double, double> shiftOf = FlowShift.OfMu(reader);
        if (reader.Flag("use_dynamic_shifting", false))
        {
            shift = shiftOf(pipeline?.Mu ?? throw reader.Error(
                "use_dynamic_shifting is true, but this kind of model has no shift that depends on the image's size"));
        }

        double[] shifted = [.. sigmas.Select(sigma => FlowShift.Shifted(sigma, shift))];
        return FlowShift.Stretched(shifted, terminal, reader);
    }
}
