using DiffusionLens;
using DiffusionLens.Families;
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
        MeasureTable table = Measuring.Compute(AnsweredExperiment.Of(
            SmallPlan.Make([0, 2, 4], new FigureSpec("fig", "", RowChoice.All,
            [
                new CurveSpec("First thing",
                    [new MeasuredCondition(SmallPlan.Object, SmallPlan.RightObject), new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.RightObject)]),
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
        string message = Assert.Throws<BadInputException>(() => Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Plan, HandMade.Skip(1)))).Message;

        Assert.Equal("answers.csv: 1 of 36 answers are missing; the first is to 'has object' of \"a cow\" (object), seed 0, layer 0", message);
    }

    [Fact]
    public void A_figure_about_the_last_layer_needs_the_last_layer()
    {
        string message = Assert.Throws<BadInputException>(
            () => Measuring.Compute(AnsweredExperiment.Of(SmallPlan.Make([0, 2], [.. SmallPlan.Plan.Spec.Figures]), HandMade))).Message;

        Assert.StartsWith("--layers: ", message, StringComparison.Ordinal);
        Assert.Contains("layer 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_written_a_line_a_point()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("measures-").FullName, "measures.csv");

        MeasureTable.Write(file, Table.Points);

        string[] lines = File.ReadAllLines(file);
        Assert.Equal(1 + ((2 + 3) * 3), lines.Length);
        Assert.Equal("figure,curve,condition,rows,layer,mean,sd_over_seeds,low_95,high_95,n", lines[0]);
        Assert.Equal(",right,object,all,0,0.25,0.25,0,0.5,4", lines[1]);
        Assert.StartsWith("fig-3,An object,object,right in the last layer,0,0.333333,0.25,", lines[7], StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
