using System.Text.RegularExpressions;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Experiments.Tests.Answers;
using SkiaSharp;
using Snapshooter.Xunit;

namespace Experiments.Tests.Reports;

public sealed partial class ReportTests : IDisposable
{
    private static readonly Plan Plan = SmallPlan.Plan with
    {
        Spec = SmallPlan.Plan.Spec with
        {
            Strips = [new StripSpec("fig-4", "Simple and complex", [SmallPlan.TwoColors], 2, RowChoice.All)],
        },
    };

    private static readonly IReadOnlyList<Answer> Answers = SmallPlan.Answers(Plan, answer => answer.PromptNumber);

    private readonly string _folder = Directory.CreateTempSubdirectory("report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_skeleton_is_as_it_was()
    {
        string html = Write(
            new ReportContent(
                "Objects and their colors",
                "72 images of 4 prompts.",
                [new ReportFact("Model", "mini-sd")],
                [
                    new ReportTable(
                        ["0", "4"],
                        [new ReportTableRow("object", "4", [new("25 ± 25", "[0, 50]", ""), new("75 ± 25", "[50, 100]", "n = 3")])]),
                ],
                [
                    new ReportFigure(
                        "fig-3",
                        "The simpler, the earlier",
                        "data:image/svg+xml;base64,AAAA",
                        new ReportTable(["0", "4"], [new ReportTableRow("An object", "3", [new("33 ± 25", "", ""), new("–", "", "")])])),
                ],
                [new ReportStrip("fig-4", "Simple and complex", "data:image/webp;base64,BBBB", "a cow; a car")],
                [new ReportStrip("object", "object", "data:image/webp;base64,CCCC", "a cow")]));

        Snapshot.Match(Style().Replace(html, "<style></style>"));
    }

    [Fact]
    public void Texts_are_escaped()
    {
        const string Hostile = "\"><script>alert('&')</script>{{ Title }}";
        ReportTable table = new([Hostile], [new ReportTableRow(Hostile, Hostile, [new(Hostile, Hostile, Hostile)])]);

        string html = Write(new ReportContent(
            Hostile,
            Hostile,
            [new ReportFact(Hostile, Hostile)],
            [table],
            [new ReportFigure(Hostile, Hostile, "data:,", table)],
            [new ReportStrip(Hostile, Hostile, "data:,", Hostile)],
            [new ReportStrip(Hostile, Hostile, "data:,", Hostile)])
        {
            Missing = Hostile,
            Links = [new ReportLink(Hostile, Hostile)],
            Tables = [new TableSheet(Hostile, Hostile, Hostile, [Hostile, Hostile], [[Hostile, Hostile]])],
            Accuracy = [new TableSheet(Hostile, Hostile, Hostile, [Hostile, Hostile], [[Hostile, Hostile]])],
            Closing = new ReportClosing
            {
                Models = [new ReportCard(Hostile, [new ReportFact(Hostile, Hostile)]), new ReportCard(Hostile, [])],
                Again = [new ReportCommands(Hostile, Hostile, Hostile), new ReportCommands(Hostile, Hostile, Hostile)],
                Citations = Hostile,
            },
        });

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\">&lt;", html, StringComparison.Ordinal);
        Assert.Contains("&quot;&gt;&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;{{ Title }}", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_of_an_experiment_shows_its_numbers_and_needs_nothing_from_elsewhere()
    {
        PaintImages();
        MeasureTable measures = Measuring.Compute(AnsweredExperiment.Of(Plan, Answers));
        FigureDrawing.DrawAll(Plan.Spec, measures, "", Plan.LastLayer, new ResultsFolder(_folder));

        string html = Write(
            Report.Gather(
                Plan,
                measures,
                AnsweredExperiment.Of(Plan, Answers),
                known: [],
                new ResultsFolder(_folder),
                "72 images.",
                [new ReportFact("Model", "mini-sd")]));

        Assert.DoesNotContain("http://", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", html, StringComparison.OrdinalIgnoreCase);
        string[] sources = [.. Source().Matches(html).Select(match => match.Groups[1].Value)];
        Assert.Equal("explore.html", sources[0]);
        Assert.All(sources[1..], source => Assert.StartsWith("data:image/", source, StringComparison.Ordinal));
        Assert.Equal(1 + 2 + 1 + 2, sources.Length);
        Assert.Contains(
            "alt=\"The simpler, the earlier. An object: half or more at every layer; 100 % [100, 100] at layer 4 (n = 4).",
            html,
            StringComparison.Ordinal);
        Assert.Contains("a cow (seed 0), right from layer 0 to layer 4", html, StringComparison.Ordinal);
        Assert.Contains(
            "<tr><th scope=\"row\" dir=\"auto\">object</th><td>50 ± 0<small>[0, 100]</small></td>"
                + "<td>100 ± 0<small>[100, 100]</small></td><td>100 ± 0<small>[100, 100]</small></td><td>4</td></tr>",
            html,
            StringComparison.Ordinal);
        Assert.Contains("a blue &lt;b&gt;car&lt;/b&gt; and a green star", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_side_by_side_have_each_figure_of_one_model_beside_that_of_the_other_and_tell_once_what_holds_for_both()
    {
        ReportContent both = SideBySide.Of([("small", Content("small")), ("large", Content("large"))]);

        Assert.Equal("What small shows. What large shows.", both.Lead);
        Assert.Equal(
            [("fig-3", "small"), ("fig-3", "large"), ("fig-5", "small"), ("fig-5", "large")],
            both.Figures.Select(figure => (figure.Name, figure.Model)));
        Assert.Equal(["small", "large"], both.Right.Select(table => table.Model));
        Assert.Equal([("fig-4", "small"), ("fig-4", "large")], both.Examples.Select(strip => (strip.Name, strip.Model)));
        Assert.Equal(
            [new ReportFact("Seeds", "0, 1"), new ReportFact("Model, small", "small"), new ReportFact("Model, large", "large")],
            both.Facts);

        static ReportContent Content(string model)
        {
            ReportTable table = new(["0"], [new ReportTableRow("object", "4", [new("25 ± 25", "[0, 50]", "")])]);
            return new(
                "Title",
                $"What {model} shows.",
                [new ReportFact("Seeds", "0, 1"), new ReportFact("Model", model)],
                [table],
                [new ReportFigure("fig-3", "Three", "data:,", table), new ReportFigure("fig-5", "Five", "data:,", table)],
                [new ReportStrip("fig-4", "Four", "data:,", "a cow")],
                []);
        }
    }

    [Fact]
    public void Where_several_answered_it_shows_who_said_what_disagreements_first()
    {
        PaintImages();
        Answer last = Answers[^1];
        Answer[] answers =
        [
            .. Answers.SelectMany(answer => new[]
            {
                answer,
                answer with { Annotator = "robot@0123abcd", Yes = answer == last ? !answer.Yes : answer.Yes },
            }),
        ];

        AnswerSheet sheet = AnswerSheet.Of(answers, new ResultsFolder(_folder))!;
        string html = Write(new ReportContent("T", "L", [], [], [], [], []) { Said = [sheet] });

        Assert.Equal((Answers.Count, 1, 1, 24), (sheet.Compared, sheet.Disputed, sheet.DisputedImages, sheet.Cards.Count));
        Assert.Equal((last.Prompt, true), (sheet.Cards[0].Prompt, sheet.Cards[0].Questions[0].IsDisputed));
        Assert.DoesNotContain(sheet.Cards.Skip(1), card => card.Questions.Any(question => question.IsDisputed));
        Assert.Contains("a blue &lt;b&gt;car", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>car", html, StringComparison.Ordinal);
        Assert.Null(AnswerSheet.Of(Answers, new ResultsFolder(_folder)));
    }

    [Fact]
    public void Columns_of_words_stand_to_the_left_and_columns_of_numbers_to_the_right()
    {
        TableSheet sheet = new("t", "T", "N", ["Model", "Claim", "Share"], [["a", "3 is more", "3.0 %"], ["b", "words", "–"]]);

        string html = Write(new ReportContent("T", "L", [], [], [], [], []) { Tables = [sheet] });

        Assert.Contains("<th scope=\"col\" class=\"words\">Claim</th><th scope=\"col\">Share</th>", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"words\">words</td><td class=\"short\">–</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_figure_is_named()
    {
        PaintImages();

        string message = Assert
            .Throws<BadInputException>(() =>
                Report.Gather(
                    Plan,
                    Measuring.Compute(AnsweredExperiment.Of(Plan, Answers)),
                    AnsweredExperiment.Of(Plan, Answers),
                    known: [],
                    new ResultsFolder(_folder),
                    "",
                    []))
            .Message;

        Assert.StartsWith(Path.Combine(_folder, "figures", "fig-3.svg"), message, StringComparison.Ordinal);
    }

    private string Write(ReportContent content)
    {
        string path = Path.Combine(_folder, "report.html");
        Report.Write(content, path);
        return File.ReadAllText(path);
    }

    private void PaintImages()
    {
        using SKBitmap bitmap = new(64, 64);
        bitmap.Erase(SKColors.Teal);
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        foreach (PlannedImage image in Plan.Images)
        {
            AtomicFile.Write(Path.Combine(_folder, image.Path), png.SaveTo);
        }
    }

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("(?:src|href)=\"([^#\"][^\"]*)\"")]
    private static partial Regex Source();
}
