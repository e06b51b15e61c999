using System.Xml.Linq;
using Experiments.Answers;
using Experiments.Figures;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tests.Answers;
using SkiaSharp;

namespace Experiments.Tests.Figures;

public sealed class FigureDrawingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("figures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_figure_is_drawn_as_png_and_svg_beside_the_numbers_it_was_drawn_from()
    {
        Draw(SmallPlan.Plan);

        Assert.Equal(
            ["fig-3.csv", "fig-3.png", "fig-3.svg", "fig-5.csv", "fig-5.png", "fig-5.svg"],
            Directory.GetFiles(Path.Combine(_folder, "figures")).Select(Path.GetFileName).Order());
        Assert.Equal(1 + (2 * 3), File.ReadAllLines(Figure("fig-3.csv")).Length);
    }

    [Fact]
    public void The_svg_needs_no_font_and_nothing_from_elsewhere_and_is_the_same_each_time()
    {
        Draw(SmallPlan.Plan);
        string first = File.ReadAllText(Figure("fig-3.svg"));
        Draw(SmallPlan.Plan);

        Assert.Equal(first, File.ReadAllText(Figure("fig-3.svg")));
        XElement root = XElement.Parse(first);
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "text" or "image" or "use" or "style" or "script");
        Assert.All(
            root.DescendantsAndSelf().Attributes().Where(attribute => !attribute.IsNamespaceDeclaration),
            attribute => Assert.DoesNotContain("//", attribute.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostile_title_is_text_to_the_svg()
    {
        FigureSpec figure = SmallPlan.Plan.Spec.Figures[0] with { Title = "</title><script>alert('&')</script>" };

        Draw(SmallPlan.Make([0, 2, 4], figure));

        XElement root = XElement.Load(Figure("fig-3.svg"));
        Assert.Equal(figure.Title, root.Elements().Single(element => element.Name.LocalName == "title").Value);
    }

    [Fact]
    public void The_png_shows_the_title_in_dark_letters_on_opaque_white_also_where_no_font_is_installed()
    {
        Draw(SmallPlan.Plan);

        using SKBitmap png = SKBitmap.Decode(Figure("fig-3.png"));
        SKColor[] top = [.. from y in Enumerable.Range(0, 75) from x in Enumerable.Range(0, png.Width) select png.GetPixel(x, y)];
        Assert.All(top, color => Assert.Equal(255, color.Alpha));
        Assert.Equal(SKColors.White, png.GetPixel(0, 0));
        Assert.InRange(top.Count(color => color.Red < 60), 1000, 20_000);
    }

    [Fact]
    public void The_curve_goes_through_its_last_point_at_100_percent()
    {
        Draw(SmallPlan.Plan);

        // The right-most tenth of the plot has the signs of both curves at its top, and no sign in its lower half.
        using SKBitmap png = SKBitmap.Decode(Figure("fig-3.png"));
        SKColor vermilion = new(0xD5, 0x5E, 0x00);
        int[] heights =
        [
            .. from y in Enumerable.Range(0, png.Height)
            from x in Enumerable.Range(png.Width - 120, 120)
            where png.GetPixel(x, y) == vermilion
            select y,
        ];
        Assert.True(heights.Length > 100);
        Assert.InRange(heights.Min(), png.Height * 0.2, png.Height * 0.5);
    }

    [Fact]
    public void A_curve_without_rows_leaves_the_figure_standing()
    {
        Plan plan = SmallPlan.Plan;

        Draw(plan, _ => null);

        Assert.True(File.Exists(Figure("fig-3.png")));
    }

    [Theory]
    [InlineData("heatmap", false)]
    [InlineData("histogram", true)]
    public void Heatmaps_and_histograms_are_drawn_of_shapes_and_outlines_alone_also_where_there_are_no_rows(string kind, bool isOfTokens)
    {
        CurveSpec[] curves =
        [
            new CurveSpec("An object of a name that has many words, more than a line", [new(SmallPlan.Object, SmallPlan.RightObject)]),
            new CurveSpec("Two", [new(SmallPlan.TwoColors, SmallPlan.Both)]),
        ];
        FigureSpec figure = new("fig-3", "Shares", RowChoice.All,
        [
            .. curves.Select((curve, i) =>
                isOfTokens ? curve with { Representative = new TokenCount(curve.Label, i, OrMore: false) } : curve),
        ])
        {
            Kind = kind,
        };
        Plan plan = SmallPlan.Make([0, 2, 4], figure);

        Draw(plan, _ => null);
        Draw(plan);

        XElement root = XElement.Load(Figure("fig-3.svg"));
        Assert.DoesNotContain(root.Descendants(), element => element.Name.LocalName is "text" or "image" or "use" or "style");
        Assert.Equal(1 + (2 * 3), File.ReadAllLines(Figure("fig-3.csv")).Length);
        Assert.True(File.Exists(Figure("fig-3.png")));
    }

    [Fact]
    public void A_cell_of_a_heatmap_is_the_darker_the_larger_its_share()
    {
        // The object is there from layer 2 on: white at 0, the darkest blue at 2 and 4.
        FigureSpec figure = SmallPlan.Plan.Spec.Figures[0] with { Rows = RowChoice.All, Kind = "heatmap" };

        Draw(SmallPlan.Make([0, 2, 4], figure), _ => 2);

        using SKBitmap png = SKBitmap.Decode(Figure("fig-3.png"));
        int y = (int)(png.Height * 0.55);
        SKColor[] line = [.. Enumerable.Range(0, png.Width - 180).Select(x => png.GetPixel(x, y))];
        Assert.Contains(SKColor.Parse("#F7FBFF"), line);
        Assert.InRange(line.Count(color => color == SKColor.Parse("#08306B")), 300, 700);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => i > 5), Enumerable.Range(1, 9).Select(i => ShareColors.IsDark(i / 10.0)));
    }

    [Theory]
    [InlineData("heatmap", "All rows (n = 20); cells: % of rows; no rows: None, None either")]
    [InlineData("bars", "All rows (n = 20), layer 4; whiskers: 95\u00A0% over prompts; no rows: None, None either")]
    [InlineData("curves", "All rows; bars: s.d. over 2 seeds; bands: 95\u00A0% over prompts")]
    public void A_figure_without_the_curves_that_no_row_enters_names_them_and_counts_the_others(string kind, string note)
    {
        FigureSpec figure = SmallPlan.Plan.Spec.Figures[0] with { Rows = RowChoice.All, Kind = kind };
        CurveStyle style = CurveStyle.For([figure])(figure.Curves[0]);
        Curve[] curves = [new("Some", style, [Point(20)]), new("None", style, [Point(0)]), new("None either", style, [Point(0)])];

        Assert.Equal(note, FigureDrawing.Note("", new FigureContent(figure, curves, LastLayer: 4), FigureKinds.Of(figure)));
    }

    [Fact]
    public void Of_many_curves_in_a_deep_encoder_each_point_stands_nearest_to_its_own_layer()
    {
        CurveChart deep = ChartOf(48, step: 1, [.. Enumerable.Range(0, 8).Select(i => $"Curve {i}")]);

        Assert.All(Enumerable.Range(0, 8), curve => Assert.InRange(deep.Aside(curve), -0.25, 0.25));
        Assert.InRange(deep.Aside(7) + deep.AsideOfCorrected, 0.25, 0.45);
        Assert.Equal(-0.084, ChartOf(12, step: 2, ["One", "Two", "Three"]).Aside(0), 9);
    }

    [Fact]
    public void A_long_entry_of_a_legend_is_broken_into_lines()
    {
        const string Long = "Second noun without its color, padding exchanged in the denoiser";
        Chart inOneRow = ChartOf(12, step: 2, ["One", "Two"]).Chart, inFour = ChartOf(12, step: 2, [Long, Long]).Chart;

        using SKBitmap drawn = new(inFour.Width, inFour.Height);
        using SKCanvas canvas = new(drawn);
        inFour.Draw(canvas);

        int plotTop = inFour.Height - 240;
        Assert.Equal(3 * 17, inFour.Height - inOneRow.Height);
        Assert.All(
            from y in Enumerable.Range(0, plotTop) from x in Enumerable.Range(inFour.Width - 8, 8) select drawn.GetPixel(x, y),
            color => Assert.Equal(SKColors.White, color));
    }

    // Each curve of another number of rows, which the legend then says.
    private static CurveChart ChartOf(int lastLayer, int step, string[] labels)
    {
        FigureSpec figure = SmallPlan.Plan.Spec.Figures[0];
        CurveStyle style = CurveStyle.For([figure])(figure.Curves[0]);
        int[] layers = [.. Enumerable.Range(0, (lastLayer / step) + 1).Select(i => i * step)];
        return new CurveChart(
            "Title",
            "Note",
            "Share of rows (%)",
            [.. labels.Select((label, i) => new Curve(label, style, [.. layers.Select(layer => Point(90 + i) with { Layer = layer })]))],
            lastLayer);
    }

    private void Draw(Plan plan) => Draw(plan, answer => answer.PromptNumber);

    private void Draw(Plan plan, Func<Answer, int?> firstYes)
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(plan, SmallPlan.Answers(plan, firstYes));
        FigureDrawing.DrawAll(plan.Spec, Measuring.Compute(experiment), experiment.Model, plan.LastLayer, new ResultsFolder(_folder));
    }

    private string Figure(string name) => Path.Combine(_folder, "figures", name);

    private static MeasurePoint Point(int rows) => new()
    {
        Figure = "",
        Curve = "",
        Condition = "",
        Rows = RowChoice.All,
        Site = "",
        Layer = 4,
        Share = rows == 0 ? new Proportion(null, null, null, 0) : new Proportion(0.5, 0, new Interval(0.4, 0.6), rows),
        Seeds = 2,
    };
}
