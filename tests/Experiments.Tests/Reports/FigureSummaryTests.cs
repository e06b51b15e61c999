using Experiments.Measures;
using Experiments.Reports;
using Experiments.Specs;

namespace Experiments.Tests.Reports;

public sealed class FigureSummaryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("summary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_says_from_which_layer_on_half_of_the_rows_are_so_and_how_many_in_the_end() => Assert.Equal(
        "early: half or more at every layer; 75 % [50, 100] at layer 8 (n = 4). "
            + "late: half or more from layer 8 on; 50 % [25, 75] at layer 8 (n = 4). "
            + "lost: less than half at layer 8: 25 % [0, 50] at layer 8 (n = 4).",
        FigureSummary.Of([.. Curve("early", 0.5, 0.5, 0.75), .. Curve("late", 0.75, 0, 0.5), .. Curve("lost", 0, 1, 0.25)]));

    [Fact]
    public void Of_one_layer_it_says_the_shares_alone_and_of_no_row_that_there_is_none()
    {
        Assert.Equal("bar: 25 % [0, 50] at layer 0 (n = 4).", FigureSummary.Of(Curve("bar", 0.25)));
        Assert.Equal("No row enters.", FigureSummary.Of([Point("none", 0, null)]));
    }

    [Fact]
    public void Of_many_curves_it_says_the_lowest_and_the_highest() => Assert.Equal(
        "9 curves. Lowest at layer 0: curve 0, 0 % [-25, 25] (n = 4). Highest at layer 0: curve 8, 80 % [55, 105] (n = 4).",
        FigureSummary.Of(Enumerable.Range(0, 9).SelectMany(curve => Curve($"curve {curve}", curve / 10.0))));

    [Fact]
    public void A_figure_of_another_kind_has_none()
    {
        string other = Path.Combine(_folder, "other.csv"), own = Path.Combine(_folder, "own.csv");
        File.WriteAllText(other, "model,share\nmini-sd,0.5\n");
        MeasureTable.Write(own, Curve("bar", 0.25));

        Assert.Equal("", FigureSummary.OfFile(other));
        Assert.Equal("", FigureSummary.OfFile(Path.Combine(_folder, "none.csv")));
        Assert.Equal("bar: 25 % [0, 50] at layer 0 (n = 4).", FigureSummary.OfFile(own));
    }

    private static IEnumerable<MeasurePoint> Curve(string name, params double[] means) =>
        means.Select((mean, place) => Point(name, 4 * place, mean));

    private static MeasurePoint Point(string curve, int layer, double? mean) => new()
    {
        Figure = "fig",
        Curve = curve,
        Condition = "object",
        Rows = RowChoice.All,
        Site = "",
        Layer = layer,
        Share = new Proportion(mean, mean is null ? null : 0, mean is null ? null : new Interval(mean.Value - 0.25, mean.Value + 0.25), 4),
        Seeds = 1,
    };
}
