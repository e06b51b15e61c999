using DiffusionLens.Configs;
using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Schedulers;

/// <summary>
/// A sampler on samples x = image + σ · noise (arXiv 2206.00364), whose noise falls along dx/dσ = the predicted noise. The denoiser
/// gets them scaled to unit size, which it was trained on.
/// </summary>
internal abstract class SigmaScheduler : Scheduler
{
    private readonly Prediction _prediction;

    private protected SigmaScheduler(SigmaWalk walk, Prediction prediction)
        => (Walk, _prediction) = (walk, prediction);

    /// <inheritdoc/>
    public override double InitNoiseSigma => Walk.InitNoiseSigma;

    private protected SigmaWalk Walk { get; }

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int stepIndex) => sample.Times(LevelAt(stepIndex).Alpha);

    /// <summary>σ of the sample that a call gets.</summary>
    private protected abstract double SigmaAt(int stepIndex);

    /// <summary>dx/dσ at a call.</summary>
    private protected Tensor Direction(Tensor modelOutput, int stepIndex, Tensor sample)
        => _prediction.Noise(modelOutput, ScaleModelInput(sample, stepIndex), LevelAt(stepIndex));

    private NoiseLevel LevelAt(int stepIndex) => NoiseLevel.FromRatio(SigmaAt(stepIndex));
}

/// <summary>The timestep and σ of each step of such a sampler.</summary>
/// <param name="Timesteps">As many as steps, falling, whole or between two training steps.</param>
/// <param name="Sigmas">σ where each step begins.</param>
/// <param name="InitNoiseSigma">The size of the noise that a run starts from.</param>
internal sealed record SigmaWalk(double[] Timesteps, double[] Sigmas, double InitNoiseSigma)
{
    /// <summary>Spaces the steps as a config says.</summary>
    /// <param name="reader">The scheduler's config.</param>
    /// <param name="table">Of its noise schedule.</param>
    /// <param name="steps">1 or more.</param>
    /// <param name="known">What the class knows beside spaced timesteps.</param>
    /// <exception cref="BadInputException">The config asks for what is not supported.</exception>
    public static SigmaWalk Of(ConfigReader reader, SigmaTable table, int steps, params SigmaSpacing[] known)
    {
        SigmaSpacing spacing = SigmaSpacings.Of(reader, known);
        double[] timesteps = Spacing.Timesteps(reader, steps, defaultSpacing: "linspace", whole: false);
        double[] sigmas = [.. timesteps.Select(timestep => table[timestep])];
        if (spacing != SigmaSpacing.Timesteps)
        {
            sigmas = spacing.Between(reader, sigmas[0], sigmas[^1], steps);
            timesteps = [.. sigmas.Select(table.Timestep)];
        }

        return new SigmaWalk(timesteps, sigmas, StartOf(reader, sigmas[0]));
    }

    /// <summary>The size of the starting noise, of the largest σ: with <c>leading</c> timesteps the image's unit is counted in.</summary>
    public static double StartOf(ConfigReader reader, double largest)
        => reader.Text("timestep_spacing", "linspace") == "leading" ? Math.Sqrt((largest * largest) + 1) : largest;
}
