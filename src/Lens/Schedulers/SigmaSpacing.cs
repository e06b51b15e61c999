using DiffusionLens.Configs;

namespace DiffusionLens.Schedulers;

/// <summary>How a sampler's noise levels lie between its largest and its smallest, where its timesteps do not say it.</summary>
internal enum SigmaSpacing
{
    /// <summary>As the timesteps are spaced.</summary>
    Timesteps,

    /// <summary>Even in σ^(1/7) (arXiv 2206.00364, equation 5).</summary>
    Karras,

    /// <summary>Even in log σ.</summary>
    Exponential,

    /// <summary>At quantiles of a beta distribution (arXiv 2407.12173).</summary>
    Beta,

    /// <summary>Even in λ = -log σ (arXiv 2206.00927, uniform λ): the same levels as exponential ones, at whole timesteps.</summary>
    Lu,

    /// <summary>A rectified flow's, even between 1 and 0 and then shifted towards noise.</summary>
    Flow,
}

/// <summary>Reads and makes the spacings.</summary>
internal static class SigmaSpacings
{
    /// <summary>ρ of Karras et al.</summary>
    private const double KarrasRho = 7;

    /// <summary>What a config asks for, of the spacings that its class knows: at most one.</summary>
    /// <param name="config">The scheduler's config; flags of spacings that are not <paramref name="known"/> are not read.</param>
    /// <param name="known">What the class knows beside <see cref="SigmaSpacing.Timesteps"/>.</param>
    /// <exception cref="BadInputException">The config asks for two.</exception>
    public static SigmaSpacing Of(ConfigReader config, params SigmaSpacing[] known)
    {
        SigmaSpacing[] asked = [.. known.Where(spacing => config.Flag(KeyOf(spacing), false))];
        return asked.Length switch
        {
            0 => SigmaSpacing.Timesteps,
            1 => asked[0],
            _ => throw config.Error($"{string.Join(" and ", asked.Select(KeyOf))} are true; only one of them can be"),
        };
    }

    /// <summary><paramref name="count"/> levels from <paramref name="largest"/> down to <paramref name="smallest"/>.</summary>
    public static double[] Between(this SigmaSpacing spacing, double largest, double smallest, int count) => spacing switch
    {
        SigmaSpacing.Karras => [.. Spacing.Even(0, 1, count).Select(along =>
        {
            double first = Math.Pow(largest, 1 / KarrasRho), last = Math.Pow(smallest, 1 / KarrasRho);
            return Math.Pow(first + (along * (last - first)), KarrasRho);
        })],
        SigmaSpacing.Exponential or SigmaSpacing.Lu => [.. Spacing.Even(Math.Log(largest), Math.Log(smallest), count).Select(Math.Exp)],
        SigmaSpacing.Beta => [.. Spacing.Even(0, 1, count)
            .Select(along => smallest + (BetaDistribution.Quantile(1 - along) * (largest - smallest)))],
        _ => throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "It does not lie between two levels."),
    };

    /// <summary>
    /// The same between the ends that the config says, <c>sigma_max</c> and <c>sigma_min</c>, and where it says nothing between these;
    /// one level is the largest.
    /// </summary>
    public static double[] Between(this SigmaSpacing spacing, ConfigReader config, double largest, double smallest, int count)
    {
        double most = config.Number("sigma_max", largest, NumberRange.Factor);
        double least = config.Number("sigma_min", smallest, NumberRange.Factor);
        return count == 1 || most > least ? spacing.Between(most, least, count) : throw config.Error(FormattableString.Invariant(
            $"sigma_max is {most} and sigma_min {least}; the noise falls from the former to the latter, which must be below it"));
    }

    /// <summary>The flag that asks for it.</summary>
    public static string KeyOf(SigmaSpacing spacing) => spacing switch
    {
        SigmaSpacing.Karras => "use_karras_sigmas",
        SigmaSpacing.Exponential => "use_exponential_sigmas",
        SigmaSpacing.Beta => "use_beta_sigmas",
        SigmaSpacing.Lu => "use_lu_lambdas",
        SigmaSpacing.Flow => "use_flow_sigmas",
        _ => throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "It has no key."),
    };
}
