namespace DiffusionLens.Schedulers;

/// <summary>The noise schedule of a class whose config says none, and the schedules that it knows.</summary>
/// <param name="Schedule"><c>beta_schedule</c>.</param>
/// <param name="Start"><c>beta_start</c>.</param>
/// <param name="End"><c>beta_end</c>.</param>
internal sealed record BetaDefaults(string Schedule, double Start, double End)
{
    public const string Linear = "linear", ScaledLinear = "scaled_linear", Cosine = "squaredcos_cap_v2", Exponential = "exp",
        Sigmoid = "sigmoid";

    /// <summary>Of DDPM (arXiv 2006.11239), which most classes have.</summary>
    public static readonly BetaDefaults Ddpm = new(Linear, 0.0001, 0.02);

    /// <summary>Stable Diffusion's numbers, but a linear walk between them.</summary>
    public static readonly BetaDefaults StableDiffusionLinear = new(Linear, 0.00085, 0.012);

    /// <summary>Stable Diffusion's.</summary>
    public static readonly BetaDefaults StableDiffusion = new(ScaledLinear, 0.00085, 0.012);

    /// <summary>What <c>beta_schedule</c> may be.</summary>
    public IReadOnlyList<string> Known { get; init; } = [Linear, ScaledLinear, Cosine];
}
