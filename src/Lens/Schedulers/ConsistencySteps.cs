using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>The timesteps of a consistency model, which knows only those that it was distilled on.</summary>
internal static class ConsistencySteps
{
    /// <summary>
    /// <paramref name="steps"/> of the <c>original_inference_steps</c> timesteps, from the noisiest on; neither <c>timestep_spacing</c>
    /// nor <c>steps_offset</c> counts.
    /// </summary>
    /// <exception cref="BadInputException">There are not so many.</exception>
    public static double[] Of(ConfigReader reader, int steps)
    {
        int original = reader.Count("original_inference_steps", 50, Most.TrainingSteps), trained = NoiseSchedule.TrainingSteps(reader);
        if (original > trained)
        {
            throw reader.Error($"original_inference_steps is {original}; it must be 1 to {trained}, the model's training steps");
        }

        if (steps < 1 || steps > original)
        {
            throw new BadInputException(
                $"steps is {steps}; it must be 1 to {original}, the original_inference_steps that the model was distilled on");
        }

        double stride = (double)original / steps;
        return [.. Enumerable.Range(0, steps).Select(i => (double)((original - (int)Math.Floor(i * stride)) * (trained / original)) - 1)];
    }
}
