using Experiments.Figures;
using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Figures;

public sealed class CurveStyleTests
{
    private static readonly CurveSpec Both = new("Both", [new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.Both)]);
    private static readonly CurveSpec Either = new("Either", [new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.Either)]);
    private static readonly CurveSpec Object = new("Object", [new MeasuredCondition(SmallPlan.Object, SmallPlan.RightObject)]);

    [Fact]
    public void The_same_questions_have_the_same_color_in_every_figure()
    {
        Func<CurveSpec, CurveStyle> style = CurveStyle.For([Figure(Object, Both), Figure(Both with { Label = "Two objects" }, Either)]);

        Assert.Equal(style(Both), style(Both with { Label = "Two objects" }));
        Assert.NotEqual(style(Object).Color, style(Both).Color);
        Assert.NotEqual(style(Object).Marker, style(Both).Marker);
    }

    [Fact]
    public void Any_of_the_answers_is_dashed_and_all_of_them_solid()
    {
        Func<CurveSpec, CurveStyle> style = CurveStyle.For([Figure(Both, Either)]);

        Assert.Equal(style(Both).Color, style(Either).Color);
        Assert.False(style(Both).Dashed);
        Assert.True(style(Either).Dashed);
    }

    [Fact]
    public void The_same_question_of_two_conditions_has_two_colors_only_where_a_figure_shows_both()
    {
        CurveSpec ofAnother = new("Another", [new MeasuredCondition(SmallPlan.TwoColors, SmallPlan.RightObject)]);
        Func<CurveSpec, CurveStyle> apart = CurveStyle.For([Figure(Object, Both), Figure(Both, ofAnother)]),
            together = CurveStyle.For([Figure(Object, ofAnother)]);

        Assert.Equal(apart(Object), apart(ofAnother));
        Assert.NotEqual(together(Object).Color, together(ofAnother).Color);
    }

    [Fact]
    public void No_two_curves_of_many_have_the_same_color_and_sign()
    {
        CurveSpec[] curves = [.. Enumerable.Range(0, 35).Select(OfCondition)];
        Func<CurveSpec, CurveStyle> style = CurveStyle.For([Figure(curves)]);

        Assert.Distinct(curves.Select(curve => (style(curve).Color, style(curve).Marker)));
        Assert.Equal(7, curves.Select(curve => style(curve).Color).Distinct().Count());
    }

    [Fact]
    public void A_figure_that_compares_the_first_subject_of_a_spec_with_its_eighth_shows_which_is_which()
    {
        CurveSpec[] curves = [.. Enumerable.Range(0, 7).Select(OfCondition)];
        Func<CurveSpec, CurveStyle> style = CurveStyle.For([Figure(curves), Figure(curves[0], Both)]);

        Assert.NotEqual(style(curves[0]).Marker, style(Both).Marker);
    }

    private static CurveSpec OfCondition(int number) => new($"{number}", [new MeasuredCondition($"c{number}", SmallPlan.RightObject)]);

    private static FigureSpec Figure(params CurveSpec[] curves) => new("fig", "", RowChoice.All, curves);
}
