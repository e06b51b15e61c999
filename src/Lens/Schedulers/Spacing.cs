using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>Which of the training steps a sampler visits (arXiv 2305.08891, table 2), from noise to image.</summary>
internal static class Spacing
{
    /// <summary>The steps to visit, as the config's <c>timestep_spacing</c> and <c>steps_offset</c> say.</summary>
    /// <param name="config">The scheduler's config.</param>
    /// <param name="steps">How many; <c>trailing</c> visits one more, -1, where the stride is rounded down (61 of 1000).</param>
    /// <param name="defaultSpacing">The spacing of a file that says none.</param>
    /// <param name="last">Steps from here on are left out; null for all training steps.</param>
    /// <param name="stopsBeforeEnd">Spaces one step more and leaves out the final one (DPM-Solver).</param>
    /// <param name="whole">Rounds to whole steps.</param>
    /// <exception cref="BadInputException">The model has fewer training steps.</exception>
    public static double[] Timesteps(
        ConfigReader config, int steps, string defaultSpacing, int? last = null, bool stopsBeforeEnd = false, bool whole = true)
    {
        int trained = NoiseSchedule.TrainingSteps(config), end = last ?? trained, points = stopsBeforeEnd ? steps + 1 : steps;
        RequireSteps(steps, trained);
        IEnumerable<double> timesteps = config.OneOf("timestep_spacing", defaultSpacing, "linspace", "leading", "trailing") switch
        {
            "linspace" => Even(0, end - 1, points).Select(t => whole ? Math.Round(t) : t).Reverse().Take(steps),
            "leading" => Enumerable.Range(0, points).Reverse().Take(steps)
                .Select(i => (double)((i * (end / points)) + config.Int("steps_offset", 0, 0, Most.TrainingSteps))),
            _ => Trailing(end, (double)trained / steps),
        };
        double[] list = [.. timesteps];
        return list[0] < trained
            ? list
            : throw new BadInputException($"steps is {steps}; with steps_offset they begin beyond the model's {trained} training steps");
    }

    /// <summary>
    /// The same for a class that looks each timestep up among the training steps, where there is none at -1.
    /// </summary>
    /// <exception cref="BadInputException">The model has fewer training steps, or the last timestep would be -1.</exception>
    public static double[] TrainedTimesteps(ConfigReader config, int steps)
    {
        double[] timesteps = Timesteps(config, steps, defaultSpacing: "leading");
        return timesteps[^1] >= 0 ? timesteps : throw new BadInputException(
            $"steps is {steps}, of which timestep_spacing trailing makes {timesteps.Length} timesteps, the last -1, where the model has no "
            + "training step; take another number of steps, or another timestep_spacing");
    }

    /// <summary>
    /// Even timesteps up to the <paramref name="last"/>, whole, without 0: for a class that has no <c>timestep_spacing</c>.
    /// </summary>
    /// <exception cref="BadInputException">The model has fewer training steps.</exception>
    public static double[] EvenTimesteps(ConfigReader config, int steps, int last)
    {
        RequireSteps(steps, NoiseSchedule.TrainingSteps(config));
        return [.. Even(0, last - 1, steps + 1).Select(t => Math.Round(t)).Reverse().Take(steps)];
    }

    /// <summary>
    /// Refuses no steps; for samplers that make as many as one likes, since their model was trained at every noise level.
    /// </summary>
    /// <exception cref="BadInputException">There are none.</exception>
    public static void RequireSteps(int steps)
    {
        if (steps < 1)
        {
            throw new BadInputException($"steps is {steps}; it must be 1 or more");
        }
    }

    /// <summary><paramref name="count"/> points from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static IEnumerable<double> Even(double first, double last, int count)
        => Enumerable.Range(0, count).Select(i => i == 0 ? first : i == count - 1 ? last : first + (i * ((last - first) / (count - 1))));

    private static void RequireSteps(int steps, int trained)
    {
        if (steps < 1 || steps > trained)
        {
            throw new BadInputException($"steps is {steps}; it must be 1 to {trained}, the model's training steps");
        }
    }

    /// <summary>As many, and as far apart, as numpy's arange makes them: its stride is the difference of the first two, rounded.</summary>
    private static IEnumerable<double> Trailing(int end, double stride)
    {
        double apart = end - (end - stride);
        return Enumerable.Range(0, (int)Math.Ceiling(end / stride)).Select(i => Math.Round(end - (i * apart)) - 1);
    }
}
