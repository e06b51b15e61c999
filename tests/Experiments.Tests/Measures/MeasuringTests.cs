using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Measures;

public sealed class MeasuringTests
{
    /// <summary>
    /// By prompt and seed, the layer from which a thing is there. Objects: the cow from 0 with seed 0 and from 2 with seed 1; the apple
    /// from 4 and never. Two things: of prompt 2 from 2 and 4 with seed 0, from 0 and 2 with seed 1; of prompt 3 the second never comes.
    /// </summary>
    private static readonly IReadOnlyList<Answer> HandMade = SmallPlan.Answers(
        SmallPlan.Plan,
        answer => (answer.PromptNumber, answer.Seed, answer.Question) switch
        {
            (0, 0, _) => 0,
            (0, 1, _) => 2,
            (1, 0, _) => 4,
            (1, 1, _) => null,
            (2, 0, SmallPlan.HasObject) => 2,
            (2, 0, _) => 4,
            (2, 1, SmallPlan.HasObject) => 0,
            (2, 1, _) => 2,
            (3, _, SmallPlan.HasObject) => 0,
            _ => null,
        });

    private static readonly MeasureTable Table = Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Plan, HandMade));

    [Fact]
    public void Figure_3_counts_rows_that_are_right_in_the_last_layer_and_its_spread_is_over_seeds()
    {
        IReadOnlyList<MeasurePoint> curve = Table.Curve("fig-3", "An object");

        // Rows: cow/0, cow/1, apple/0. Layer 0: 1 of 3; seed 0 has 1 of 2, seed 1 has 0 of 1. Layer 2: 2 of 3; 1 of 2 and 1 of 1.
        Assert.Equal([0, 2, 4], curve.Select(point => point.Layer));
        Assert.All(curve, point => Assert.Equal(3, point.RowCount));
        Assert.Equal([1 / 3.0, 2 / 3.0, 1], curve.Select(point => point.Mean!.Value));
        Assert.Equal([0.25, 0.25, 0], curve.Select(point => point.Spread!.Value));
    }

    [Fact]
    public void Both_and_either_are_counted_among_the_same_rows()
    {
        // Rows of two things that are right in the last layer: prompt 2 with both seeds.
        Assert.Equal([0, 0.5, 1], Table.Curve("fig-3", "Two colored objects").Select(point => point.Mean!.Value));
        Assert.Equal([0.5, 1, 1], Table.Curve("fig-5", "Either object").Select(point => point.Mean!.Value));
        Assert.Equal([0.5, 0, 0], Table.Curve("fig-5", "Either object").Select(point => point.Spread!.Value));
    }

    [Fact]
    public void The_share_of_right_images_is_measured_over_all_rows_of_every_condition()
    {
        Assert.Equal([0.25, 0.5, 0.75], Table.Right(SmallPlan.Object).Select(point => point.Mean!.Value));
        Assert.Equal([0, 0.25, 0.5], Table.Right(SmallPlan.TwoColors).Select(point => point.Mean!.Value));
        Assert.Equal(4, Table.Right(SmallPlan.TwoColors)[0].RowCount);
    }

    [Fact]
    public void A_curve_over_several_conditions_counts_their_rows_together()
    {
        MeasureTable table = Measuring.Compute(
            AnsweredExperiment.Of(
                SmallPlan.Make(
                    [0, 2, 4],
                    new FigureSpec(
                        "fig",
                        "",
                        RowChoice.All,
                        [
                            new CurveSpec(
                                "First thing",
                                [
                                    new MeasuredCondition(SmallPlan.Object, SmallPlan.RightObject),
                                    new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.RightObject),
                                ]),
                        ])),
                HandMade));

        MeasurePoint last = table.Curve("fig", "First thing")[^1];
        Assert.Equal((7 / 8.0, 8), (last.Mean!.Value, last.RowCount));
    }

    [Fact]
    public void Where_no_row_is_right_in_the_last_layer_there_is_no_share()
    {
        MeasureTable table = Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Plan, SmallPlan.Answers(SmallPlan.Plan, _ => null)));

        Assert.All(table.Curve("fig-3", "An object"), point => Assert.Equal((null, null, 0), (point.Mean, point.Spread, point.RowCount)));
    }

    [Fact]
    public void A_missing_answer_is_named()
    {
        string message = Assert
            .Throws<BadInputException>(() => Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Plan, HandMade.Skip(1))))
            .Message;

        Assert.Equal("1 of 36 answers are missing; the first is to 'has object' of \"a cow\" (object), seed 0, layer 0", message);
    }

    [Fact]
    public void A_figure_about_the_last_layer_needs_the_last_layer()
    {
        string message = Assert.Throws<BadInputException>(
            () => Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Make([0, 2], [.. SmallPlan.Plan.Spec.Figures]), HandMade))).Message;

        Assert.Equal(
            "answers of colors on : the figures are about the last layer; "
                + "add 4, or make images alone with --only images",
            message);
    }

    [Fact]
    public void The_table_is_written_a_line_a_point()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("measures-").FullName, "measures.csv");

        MeasureTable.Write(file, Table.Points);

        string[] lines = File.ReadAllLines(file);
        Assert.Equal(1 + ((2 + 3) * 3), lines.Length);
        Assert.Equal("figure,curve,condition,rows,site,layer,mean,sd_over_seeds,low_95,high_95,n,seeds,answers_by,as_a_whole", lines[0]);
        Assert.Equal(",right,object,all,layer-00,0,0.25,0.25,0,0.5,4,2,,0", lines[1]);
        Assert.StartsWith("fig-3,An object,object,right in the last layer,layer-00,0,0.333333,0.25,", lines[7], StringComparison.Ordinal);
        Assert.Equal(Rounded(Table.Points), MeasureTable.Read(file).Points);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

        static IEnumerable<MeasurePoint> Rounded(IEnumerable<MeasurePoint> points) =>
            points.Select(point =>
                point with
                {
                    Share = new Proportion(
                        Round(point.Mean),
                        Round(point.Spread),
                        point.Interval is null ? null : new(Round(point.Interval.Low)!.Value, Round(point.Interval.High)!.Value),
                        point.RowCount),
                });

        static double? Round(double? value) => value is null ? null : Math.Round(value.Value, 6);
    }

    [Fact]
    public void A_table_of_the_first_version_is_read_too_and_a_broken_cell_is_said_with_its_line()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("measures-").FullName, "measures.csv");
        const string Old =
            "figure,curve,condition,rows,layer,mean,sd_over_seeds,low_95,high_95,n\nfig-3,An object,object,all,4,0.5,0.25,0,1,4\n";
        File.WriteAllText(file, Old);
        MeasurePoint point = Assert.Single(MeasureTable.Read(file).Points);
        File.WriteAllText(file, Old.Replace(",0.25,", ",a quarter,", StringComparison.Ordinal));
        string message = Assert.Throws<BadInputException>(() => MeasureTable.Read(file)).Message;

        Assert.Equal((4, 0.5, 4), (point.Layer, point.Mean, point.RowCount));
        Assert.StartsWith($"{file}:2: 'a quarter' in column 'sd_over_seeds'", message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [InlineData("first", 1)]
    [InlineData("all", 1)]
    [InlineData("majority", 0)]
    [InlineData("Ben", 0)]
    public void A_figure_chooses_whose_answers_count(string choice, double mean)
    {
        AnnotatorChoice annotators = choice switch
        {
            "first" => new AnnotatorChoice.First(),
            "all" => new AnnotatorChoice.All(),
            "majority" => new AnnotatorChoice.Majority(),
            _ => new AnnotatorChoice.By(choice, default),
        };
        FigureSpec figure = new("fig", "", RowChoice.All, [new CurveSpec("Both", [new MeasuredCondition("two", Rows.Condition.Right)])])
        {
            Annotators = annotators,
        };
        AnsweredExperiment experiment = AnsweredExperiment.Of(
            Small.Spec with
            {
                Figures = [figure],
            },
            "small",
            12,
            [
                .. Rows.Answers("a", 0, "Ana", (Rows.First, "1111"), (Rows.Second, "1111")),
                .. Rows.Answers("a", 0, "Ben", (Rows.First, "0000"), (Rows.Second, "1111")),
                .. Rows.Answers("a", 0, "Eve", (Rows.First, "0000"), (Rows.Second, "1111")),
            ]);

        Assert.All(Measuring.Compute(experiment).Curve("fig", "Both"), point => Assert.Equal(mean, point.Mean));
    }

    [Fact]
    public void An_annotator_who_gave_no_answer_is_refused_with_those_there_are()
    {
        FigureSpec figure = new("fig", "", RowChoice.All, [new CurveSpec("Both", [new MeasuredCondition("two", Rows.Condition.Right)])])
        {
            Annotators = new AnnotatorChoice.By("Bem", new SourceLocation("small.yaml", 3, 4)),
        };
        AnsweredExperiment experiment = AnsweredExperiment.Of(
            Small.Spec with
            {
                Figures = [figure],
            },
            "mini",
            12,
            [
                .. Rows.Answers("a", 0, "Ben", (Rows.First, "1111"), (Rows.Second, "1111")),
                .. Rows.Answers("a", 0, "robot@0123abcd", (Rows.First, "1111")),
            ]);

        string message = Assert.Throws<BadInputException>(() => Measuring.Compute(experiment)).Message;

        Assert.Equal("small.yaml:3:4: 'Bem' is no annotator of small on mini; did you mean 'Ben'? (one of: Ben, robot)", message);
    }
}
