using System.Text.Json;
using Experiments.Measures;

namespace Experiments.Tests.Measures;

/// <summary>
/// Every case of <c>statistics.json</c>, whose numbers are those of SciPy, statsmodels, scikit-learn and krippendorff, agrees at 1e-9;
/// <c>null</c> there is null here.
/// </summary>
public sealed class StatisticsReferenceTests
{
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, JsonElement> Parts = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Measures", "reference", "statistics.json")))!;

    [Fact]
    public void The_reference_has_the_parts_that_are_tested_here_and_no_other() => Assert.Equal(
        [
            "bootstrap_mean", "bootstrap_paired_difference", "cohen_kappa", "fleiss_kappa", "holm", "krippendorff_alpha", "mann_whitney",
            "mcnemar", "precision_recall_f1", "rank_correlation", "rogan_gladen", "wilson",
        ],
        Parts.Where(part => part.Value.ValueKind == JsonValueKind.Object && part.Value.TryGetProperty("cases", out _))
            .Select(part => part.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void McNemar_is_statsmodels() => Each("mcnemar", (test, i) =>
    {
        McNemar ours = new(Whole(test, "only_first"), Whole(test, "only_second"));
        Agrees(test, "statistic", ours.Statistic, i);
        Agrees(test, "p", ours.P, i);
    });

    [Fact]
    public void Holm_is_statsmodels() => Each("holm", (test, i) =>
    {
        IReadOnlyList<CorrectedTest> ours = Holm.Correct(Numbers(test, "p"), Number(test, "alpha"));
        Agree(Numbers(test, "adjusted"), ours.Select(corrected => corrected.P), i);
        Assert.Equal(Get<bool[]>(test, "reject"), ours.Select(corrected => corrected.IsRejected));
    });

    [Fact]
    public void Mann_Whitney_is_SciPys() => Each("mann_whitney", (test, i) =>
    {
        double[] x = Numbers(test, "x"), y = Numbers(test, "y");
        MannWhitney ours = MannWhitney.Test(x, y, exact: false);
        Agrees(test, "u_x", ours.U, i);
        Agrees(test, "u_y", MannWhitney.Test(y, x).U, i);
        Agrees(test, "sigma", ours.Deviation, i);
        Agrees(test, "p", ours.P, i);
        if (test.TryGetProperty("p_exact", out _))
        {
            Agrees(test, "p_exact", MannWhitney.Test(x, y, exact: true).P, i);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => MannWhitney.Test(x, y, exact: true));
        }
    });

    [Fact]
    public void Wilson_is_statsmodels() => Each("wilson", (test, i) =>
    {
        Interval? ours = Wilson.Of(Whole(test, "count"), Whole(test, "n"), Number(test, "alpha"));
        Agrees(test, "low", ours?.Low, i);
        Agrees(test, "high", ours?.High, i);
    });

    [Fact]
    public void The_bootstrap_of_given_resamples_is_SciPys() => Each("bootstrap_mean", (test, i) =>
    {
        double[] values = Numbers(test, "values");
        Interval ours = Bootstrap.OfMean(values, Get<int[][]>(test, "resamples"), Number(test, "level"));
        Agrees(test, "mean", values.Average(), i);
        Agrees(test, "low", ours.Low, i);
        Agrees(test, "high", ours.High, i);
    });

    [Fact]
    public void The_bootstrap_of_paired_differences_is_SciPys() => Each("bootstrap_paired_difference", (test, i) =>
    {
        double[] differences = [.. Numbers(test, "first").Zip(Numbers(test, "second"), (first, second) => second - first)];
        Interval ours = Bootstrap.OfMean(differences, Get<int[][]>(test, "resamples"), Number(test, "level"));
        Agrees(test, "difference", differences.Average(), i);
        Agrees(test, "low", ours.Low, i);
        Agrees(test, "high", ours.High, i);
    });

    [Fact]
    public void Cohens_kappa_is_statsmodels() =>
        Each("cohen_kappa", (test, i) => Agrees(test, "kappa", CohenKappa.Of(Get<int[][]>(test, "table")), i));

    [Fact]
    public void Precision_recall_and_F1_are_scikit_learns() => Each("precision_recall_f1", (test, i) =>
    {
        Agreement ours = new(
            Whole(test, "true_positive"), Whole(test, "false_negative"), Whole(test, "false_positive"), Whole(test, "true_negative"));
        Agrees(test, "precision", ours.Precision, i);
        Agrees(test, "recall", ours.Recall, i);
        Agrees(test, "f1", ours.F1, i);
    });

    [Fact]
    public void Krippendorffs_alpha_is_that_of_krippendorff() =>
        Each("krippendorff_alpha", (test, i) => Agrees(test, "alpha", KrippendorffAlpha.Of(Get<int?[][]>(test, "annotators")), i));

    [Fact]
    public void Fleiss_kappa_is_statsmodels() =>
        Each("fleiss_kappa", (test, i) => Agrees(test, "kappa", FleissKappa.Of(Get<int[][]>(test, "units")), i));

    [Fact]
    public void Rogan_and_Gladens_estimate_is_that_of_the_formula() => Each("rogan_gladen", (test, i) =>
    {
        CountedShare saidYes = new(Whole(test, "said_yes"), Whole(test, "n")),
            sensitivity = new(Whole(test, "true_positive"), Whole(test, "positives")),
            specificity = new(Whole(test, "true_negative"), Whole(test, "negatives"));
        RoganGladen? ours = RoganGladen.Of(saidYes, sensitivity, specificity);
        Agrees(test, "observed", saidYes.Value, i);
        Agrees(test, "sensitivity", sensitivity.Value, i);
        Agrees(test, "specificity", specificity.Value, i);
        Agrees(test, "prevalence", ours?.Prevalence, i);
        Agrees(test, "clipped", ours?.Clipped, i);
        Agrees(test, "standard_error", ours?.StandardError, i);
        Agrees(test, "low", ours?.Interval.Low, i);
        Agrees(test, "high", ours?.Interval.High, i);
    });

    [Fact]
    public void Rank_correlations_are_SciPys() => Each("rank_correlation", (test, i) =>
    {
        double[] x = Numbers(test, "x"), y = Numbers(test, "y");
        RankCorrelation? spearman = RankCorrelation.Spearman(x, y), tau = RankCorrelation.KendallTauB(x, y);
        Agrees(test, "spearman", spearman?.Coefficient, i);
        Agrees(test, "spearman_p", spearman?.P, i);
        Agrees(test, "tau_b", tau?.Coefficient, i);
        Agrees(test, "tau_b_p", tau?.P, i);
        if (test.TryGetProperty("tau_b_p_exact", out _))
        {
            Agrees(test, "tau_b_p_exact", RankCorrelation.KendallTauB(x, y, exact: true)?.P, i);
        }
    });

    private static void Each(string part, Action<JsonElement, int> check)
    {
        JsonElement[] cases = [.. Parts[part].GetProperty("cases").EnumerateArray()];
        Assert.NotEmpty(cases);
        for (int i = 0; i < cases.Length; i++)
        {
            check(cases[i], i);
        }
    }

    private static void Agrees(JsonElement test, string name, double? ours, int number)
    {
        double? theirs = Get<double?>(test, name);
        Assert.True(
            theirs is null ? ours is null : Math.Abs(theirs.Value - (ours ?? double.NaN)) <= Tolerance,
            FormattableString.Invariant($"case {number}, {name}: {ours:R}, not {theirs:R}"));
    }

    private static void Agree(IEnumerable<double> theirs, IEnumerable<double> ours, int number) => Assert.All(
        theirs.Zip(ours), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Tolerance, $"case {number}: {pair}"));

    private static T Get<T>(JsonElement test, string name) => test.GetProperty(name).Deserialize<T>()!;

    private static double Number(JsonElement test, string name) => Get<double>(test, name);

    private static int Whole(JsonElement test, string name) => Get<int>(test, name);

    private static double[] Numbers(JsonElement test, string name) => Get<double[]>(test, name);
}
