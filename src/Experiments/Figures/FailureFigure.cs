using System.Globalization;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>Draws figures of failures: <c>figures/NAME.png</c>, <c>.svg</c> and <c>.csv</c>.</summary>
internal static class FailureFigure
{
    private static readonly string[] Pieces = ["Complete failure: no layer is right", "Success in an earlier layer, then failure"];

    /// <summary>Counts and draws.</summary>
    /// <param name="answers">The model's answers.</param>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void Draw(FailureBars figure, ComparedAnswers answers, ResultsFolder folder)
    {
        FailureBar[] all = [.. Bars(figure, answers)];
        CsvTable.Write(
            folder.Figure(figure.Name, "csv"),
            ["label", "complete", "early_success", "failed", "n", "share", "low_95", "high_95", "shown"],
            all.Select(bar =>
                (string[])
                    [
                        bar.Label,
                        Whole(bar.Failures.Complete),
                        Whole(bar.Failures.EarlySuccess),
                        Whole(bar.Failures.Failed),
                        Whole(bar.Failures.Count),
                        Number((double)bar.Failures.Failed / bar.Failures.Count),
                        Number(bar.Interval?.Low),
                        Number(bar.Interval?.High),
                        bar.Failures.AreShown ? "1" : "0",
                    ]));
        FailureBar[] shown = [.. all.Where(bar => bar.Failures.AreShown)];
        string[] few = [.. all.Where(bar => !bar.Failures.AreShown).Select(bar => $"{bar.Label} ({bar.Failures.Failed})")];
        string[] missing = [.. figure.Bars.Select(bar => bar.Label).Except(all.Select(bar => bar.Label))];
        string note = $"{answers.Model}: rows wrong in the last layer; whiskers: 95\u00A0% over prompts"
            + (few.Length > 0 ? $". Left out with {Failures.TooFew} failures or fewer: {string.Join(", ", few)}" : "")
            + (missing.Length > 0 ? $". Not run: {string.Join(", ", missing)}" : "");

        // With nothing to show the figure still says so.
        BarChart chart = new(figure.Title, note, "Failures (% of rows)", Pieces, [.. shown.Select(BarOf)]);
        FigureFiles.Write(chart.Chart, figure.Name, figure.Title, folder);
    }

    /// <summary>The bars of a figure, those with few failures included.</summary>
    /// <param name="answers">The model's answers.</param>
    public static IEnumerable<FailureBar> Bars(FailureBars figure, ComparedAnswers answers)
    {
        foreach ((string label, ConditionReference of) in figure.Bars)
        {
            if (answers.Find(of) is not var (experiment, condition))
            {
                continue;
            }

            Failures failures = Failures.Of(experiment.Rows, condition, experiment.Layers, experiment.LastLayer);
            if (failures.Count == 0)
            {
                continue;
            }

            WeightedGroup share = WeightedGroup.Of(
                1,
                experiment.Rows.Where(row => row.Condition == condition.Name),
                row => row.IsRight(condition, experiment.LastLayer) is bool right ? (right ? 0 : 1) : null);
            yield return new FailureBar(label, failures, Bootstrap.Of([share]));
        }
    }

    private static ChartBar BarOf(FailureBar bar) => new(
        bar.Label,
        bar.Failures.Count,
        [(double)bar.Failures.Complete / bar.Failures.Count, (double)bar.Failures.EarlySuccess / bar.Failures.Count],
        bar.Interval);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A bar of a figure of failures.</summary>
/// <param name="Label">What stands beside it.</param>
/// <param name="Interval">95 % interval of the share of failures, over prompts.</param>
internal sealed record FailureBar(string Label, Failures Failures, Interval? Interval);
