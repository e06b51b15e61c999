using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>
/// The timestep and σ of each call of a solver whose samples are x = α · image + σ · noise: DPM-Solver, UniPC, DEIS.
/// </summary>
/// <param name="Timesteps">As many as calls, whole.</param>
/// <param name="Sigmas">σ/α, or a rectified flow's σ, at each call and after the last.</param>
/// <param name="IsFlow">Whether it is a rectified flow's.</param>
internal sealed record SolverWalk(double[] Timesteps, double[] Sigmas, bool IsFlow)
{
    public int Calls => Timesteps.Length;

    /// <summary>What the config says of the last σ: 0, or the least of the training steps'.</summary>
    public static bool EndsAtZero(ConfigReader reader) => reader.OneOf("final_sigmas_type", "zero", "zero", "sigma_min") == "zero";

    /// <summary>A walk that still lacks its last σ.</summary>
    /// <param name="reader">The scheduler's config.</param>
    /// <param name="table">Of its noise schedule.</param>
    /// <param name="spacing">How the levels lie.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="spaced">The timesteps where the spacing is theirs.</param>
    /// <param name="roundsCosine">Whether Karras' and Lu's timesteps are rounded for the cosine schedule too, or cut.</param>
    public static SolverWalk Of(
        ConfigReader reader, SigmaTable table, SigmaSpacing spacing, int steps, Func<double[]> spaced, bool roundsCosine = true)
    {
        Spacing.RequireSteps(steps);
        if (spacing == SigmaSpacing.Timesteps)
        {
            double[] timesteps = spaced();
            return new SolverWalk(timesteps, [.. timesteps.Select(timestep => table[timestep])], IsFlow: false);
        }

        // diffusers' Lu spacing goes through the whole table whatever the config says of its ends.
        double[] sigmas = spacing == SigmaSpacing.Lu
            ? spacing.Between(table.Largest, table.Smallest, steps)
            : spacing.Between(reader, table.Largest, table.Smallest, steps);
        bool rounds = spacing is SigmaSpacing.Karras or SigmaSpacing.Lu
            && (roundsCosine || reader.Text("beta_schedule", BetaDefaults.Linear) != BetaDefaults.Cosine);
        Func<double, double> timestepOf = rounds ? sigma => Math.Round(table.Timestep(sigma)) : table.WholeTimestep;
        return new SolverWalk([.. sigmas.Select(timestepOf)], sigmas, IsFlow: false);
    }

    /// <summary>A rectified flow's walk that still lacks its last σ.</summary>
    /// <param name="sigmas">Its levels, falling.</param>
    /// <param name="trained">The model's training steps.</param>
    public static SolverWalk OfFlow(double[] sigmas, int trained)
        => new([.. sigmas.Select(sigma => Math.Truncate(sigma * trained))], sigmas, IsFlow: true);

    /// <summary>The walk that most solvers make through a rectified flow: evenly from (T - 1)/T to 0, shifted.</summary>
    /// <exception cref="BadInputException">The pipeline gives a μ that the config does not ask for.</exception>
    public static SolverWalk OfFlow(ConfigReader reader, int steps, PipelineSchedule? pipeline)
    {
        Spacing.RequireSteps(steps);
        int trained = NoiseSchedule.TrainingSteps(reader);
        double shift = FlowShift.OfSolver(reader, pipeline);
        IEnumerable<double> rising = Spacing.Even(1, 1.0 / trained, steps + 1).Select(image => FlowShift.Shifted(1 - image, shift));
        return OfFlow([.. rising.Skip(1).Reverse()], trained);
    }

    /// <summary>The walk with its last σ.</summary>
    public SolverWalk EndingAt(double last) => this with { Sigmas = [.. Sigmas, last] };

    /// <summary>The noise at a call, or after the last.</summary>
    public NoiseLevel LevelAt(int stepIndex) => IsFlow ? NoiseLevel.FromFlow(Sigmas[stepIndex]) : NoiseLevel.FromRatio(Sigmas[stepIndex]);
}
