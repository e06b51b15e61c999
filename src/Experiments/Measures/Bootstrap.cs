using DiffusionLens.Runtime;

namespace Experiments.Measures;

/// <summary>
/// 95 % intervals by the percentile bootstrap (Efron and Tibshirani: An Introduction to the Bootstrap, 1993, chapter 13). What is drawn
/// again are prompts, with all their seeds: four images of one prompt are no four independent observations.
/// </summary>
internal static class Bootstrap
{
    private const int Resamples = 1000;
    private const double Tail = 0.025;
    private const ulong Seed = 0x0D1F_F051_0E45;

    /// <summary>The interval of a weighted sum of means, <c>sum of weight × (sum of values / number of values)</c>.</summary>
    /// <param name="groups">The means. Prompts are drawn again within each group.</param>
    /// <returns>The bounds; the same every time. Null where a group has no value.</returns>
    public static Interval? Of(IReadOnlyList<WeightedGroup> groups)
    {
        if (groups.Count == 0 || groups.Any(group => group.Mean is null))
        {
            return null;
        }

        SplitMix64 random = new(Seed);
        List<double> means = new(Resamples);
        for (int i = 0; i < Resamples; i++)
        {
            double? mean = 0;
            foreach (WeightedGroup group in groups)
            {
                mean += group.Weight * Draw(group.Prompts, random);
            }

            if (mean is double value)
            {
                means.Add(value);
            }
        }

        return means.Count == 0 ? null : Percentiles(means, Tail, 1 - Tail);
    }

    /// <summary>The interval of a mean from resamples that are given. That of a paired difference is the interval of the mean of the pairs'
    /// differences: a resample takes pairs.</summary>
    /// <param name="resamples">Places of the values that are drawn again, from 0; at least one resample.</param>
    /// <param name="level">How much of the distribution lies inside: 0.95.</param>
    public static Interval OfMean(IReadOnlyList<double> values, IEnumerable<IReadOnlyList<int>> resamples, double level) =>
        Percentiles([.. resamples.Select(drawn => drawn.Average(place => values[place]))], (1 - level) / 2, (1 + level) / 2);

    /// <summary>The interval of whatever can be computed of prompts.</summary>
    /// <param name="prompts">What is drawn again.</param>
    /// <param name="statistic">What is computed of a draw; null leaves the draw out.</param>
    /// <returns>The bounds; the same every time. Null where no draw has a value.</returns>
    public static Interval? OfStatistic<T>(IReadOnlyList<T> prompts, Func<IReadOnlyList<T>, double?> statistic)
    {
        if (prompts.Count == 0)
        {
            return null;
        }

        SplitMix64 random = new(Seed);
        List<double> values = new(Resamples);
        T[] drawn = new T[prompts.Count];
        for (int i = 0; i < Resamples; i++)
        {
            for (int place = 0; place < drawn.Length; place++)
            {
                drawn[place] = prompts[random.Whole(0, prompts.Count - 1)];
            }

            if (statistic(drawn) is double value)
            {
                values.Add(value);
            }
        }

        return values.Count == 0 ? null : Percentiles(values, Tail, 1 - Tail);
    }

    private static Interval Percentiles(List<double> means, double low, double high)
    {
        means.Sort();
        return new Interval(Quantile(means, low), Quantile(means, high));
    }

    private static double? Draw(IReadOnlyList<PromptTotal> prompts, SplitMix64 random)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < prompts.Count; i++)
        {
            PromptTotal drawn = prompts[random.Whole(0, prompts.Count - 1)];
            sum += drawn.Sum;
            count += drawn.Count;
        }

        return count == 0 ? null : sum / count;
    }

    // Interpolated linearly between order statistics (type 7 of Hyndman and Fan: Sample Quantiles in Statistical Packages, 1996).
    private static double Quantile(List<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Count - 1)];
        return sorted[below] + ((place - below) * (above - sorted[below]));
    }
}

/// <summary>The bounds of an estimate.</summary>
/// <param name="Low">The lower.</param>
/// <param name="High">The upper.</param>
internal sealed record Interval(double Low, double High);

/// <summary>What the rows of one prompt add to a mean.</summary>
/// <param name="Sum">Sum of their values.</param>
/// <param name="Count">Number of rows that have a value.</param>
internal readonly record struct PromptTotal(double Sum, int Count);

/// <summary>A mean over the rows of some prompts, and its weight in a sum of means.</summary>
/// <param name="Weight">The weight: 1, or -1 for what is subtracted.</param>
internal sealed record WeightedGroup(double Weight, IReadOnlyList<PromptTotal> Prompts)
{
    /// <summary>The mean; null where no row has a value.</summary>
    public double? Mean => Prompts.Sum(prompt => prompt.Count) is > 0 and int count ? Prompts.Sum(prompt => prompt.Sum) / count : null;

    /// <summary>A mean of values of rows.</summary>
    /// <param name="value">The value of a row; null leaves it out.</param>
    public static WeightedGroup Of(double weight, IEnumerable<AnsweredRow> rows, Func<AnsweredRow, double?> value) => new(
        weight,
        [
            .. rows.GroupBy(row => (row.Condition, row.Prompt))
                .Select(prompt => prompt.Select(value).OfType<double>().ToArray())
                .Where(values => values.Length > 0)
                .Select(values => new PromptTotal(values.Sum(), values.Length)),
        ]);
}
