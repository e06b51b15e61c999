using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Measures;

public sealed class ErrorCorrectionTests
{
    private const string Machine = "eye@0123abcd";

    private static readonly MeasuredCondition HasObject = new(SmallPlan.Object, SmallPlan.RightObject);

    private static readonly FigureSpec AllRows = new("all", "", RowChoice.All,
    [
        new CurveSpec("yes", [HasObject]),
        new CurveSpec("no", [HasObject with { IsNegated = true }]),
        new CurveSpec("both", [new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.Both)]),
    ]);

    private static readonly FigureSpec RightRows = new("right", "", RowChoice.RightInTheLastLayer, [new CurveSpec("yes", [HasObject])]);

    // Sensitivity 0.9, specificity 0.8.
    private static readonly CalibrationTable Known =
        new([new CalibrationRow(Machine, SmallPlan.HasObject, new Agreement(90, 10, 20, 80))], "known.csv");

    [Fact]
    public void A_share_becomes_what_Rogan_and_Gladen_estimate_and_the_raw_one_stays()
    {
        MeasureTable table = Compute(AllRows, Known);
        MeasurePoint point = table.Curve("all", "yes").Single(point => point.Layer == 2);
        RoganGladen around = RoganGladen.Of(0.5, Variance(point), new CountedShare(91, 102), new CountedShare(81, 102))!;

        Assert.Equal(0.5, point.Mean);
        Assert.Equal((0.5 + 0.8 - 1) / (0.9 + 0.8 - 1), point.Corrected!.Share, 1e-12);
        Assert.Equal(around.Interval, point.Corrected.Interval);
        Assert.Equal(Machine, point.Corrected.Annotator);
        Assert.Equal(1 - point.Corrected.Share, table.Curve("all", "no").Single(no => no.Layer == 2).Corrected!.Share, 1e-12);
        Assert.NotNull(table.Right(SmallPlan.Object)[0].Corrected);
    }

    [Fact]
    public void What_was_always_so_in_a_few_rows_is_not_sure()
    {
        CorrectedShare always = Compute(AllRows, Known).Curve("all", "yes").Single(point => point.Layer == 4).Corrected!;

        Assert.Equal((1, 1), (always.Share, always.Interval.High));
        Assert.InRange(always.Interval.Low, 0.3, 0.9);
    }

    [Fact]
    public void What_several_questions_decide_is_not_corrected_nor_the_last_layer_of_rows_that_it_chose()
    {
        MeasureTable table = Compute([AllRows, RightRows], Known);

        Assert.All(table.Curve("all", "both"), point => Assert.Null(point.Corrected));
        Assert.Equal([true, true, false], table.Curve("right", "yes").Select(point => point.Corrected is not null));
    }

    [Fact]
    public void Without_being_asked_nothing_is_corrected() =>
        Assert.All(Measuring.Compute(Experiment(AllRows)).Points, point => Assert.Null(point.Corrected));

    [Fact]
    public void A_calibration_of_others_is_refused()
    {
        CalibrationTable others = Known with { Rows = [Known.Rows[0] with { Annotator = "eye@99999999" }] };

        string message = Assert.Throws<BadInputException>(() => Compute(AllRows, others)).Message;

        Assert.Contains("known.csv: is of eye@99999999; these answers are by eye@0123abcd", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_two_versions_of_a_machine_answered_is_not_corrected_for_the_errors_of_either()
    {
        FigureSpec byName = AllRows with { Annotators = new AnnotatorChoice.By("eye", default) };
        AnsweredExperiment one = Experiment(byName);
        AnsweredExperiment two = AnsweredExperiment.Of(one.Spec, "small", one.LastLayer,
        [
            .. one.Answers.Select(answer => answer with { Annotator = answer.PromptNumber == 0 ? "eye@4567abcd" : Machine }),
        ]);

        Assert.Contains(Measuring.Compute(one, Known).Points, IsOfFigureAndCorrected);
        Assert.DoesNotContain(Measuring.Compute(two, Known).Points, IsOfFigureAndCorrected);

        bool IsOfFigureAndCorrected(MeasurePoint point) => point.Figure == byName.Name && point.Corrected is not null;
    }

    [Fact]
    public void An_annotator_no_better_than_a_coin_corrects_nothing()
    {
        CalibrationTable coin = Known with { Rows = [Known.Rows[0] with { Confusion = new Agreement(5, 5, 5, 5) }] };

        Assert.All(Compute(AllRows, coin).Points, point => Assert.Null(point.Corrected));
    }

    [Fact]
    public void Measures_keep_it_and_have_no_such_columns_without()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("corrected-").FullName, "measures.csv");
        MeasureTable corrected = Compute(AllRows, Known);

        MeasureTable.Write(path, corrected.Points);
        Assert.Equal(
            corrected.Points.Select(point => point.Corrected is { } share ? Math.Round(share.Share, 6) : -1),
            MeasureTable.Read(path).Points.Select(point => point.Corrected?.Share ?? -1));
        Assert.EndsWith(
            ",corrected,corrected_low_95,corrected_high_95,corrected_for", File.ReadLines(path).First(), StringComparison.Ordinal);

        MeasureTable.Write(path, Measuring.Compute(Experiment(AllRows)).Points);
        Assert.EndsWith(",as_a_whole", File.ReadLines(path).First(), StringComparison.Ordinal);
    }

    private static double Variance(MeasurePoint point)
    {
        double z = NormalDistribution.TwoSidedQuantile(0.05);
        return Math.Max(Math.Pow((point.Interval!.High - point.Interval.Low) / (2 * z), 2), 0.25 / (point.RowCount + (z * z)));
    }

    private static MeasureTable Compute(FigureSpec figure, CalibrationTable calibration) => Compute([figure], calibration);

    private static MeasureTable Compute(FigureSpec[] figures, CalibrationTable calibration) =>
        Measuring.Compute(Experiment(figures), calibration);

    // Of the object's four rows two have it from layer 2 on, two from the last.
    private static AnsweredExperiment Experiment(params FigureSpec[] figures)
    {
        var plan = SmallPlan.Make([0, 2, 4], figures);
        return AnsweredExperiment.Of(
            plan,
            SmallPlan.Answers(plan, answer => answer.Seed == 0 ? 2 : 4).Select(answer => answer with { Annotator = Machine }),
            "small");
    }
}
