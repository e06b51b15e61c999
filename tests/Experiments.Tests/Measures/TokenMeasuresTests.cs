using Experiments.Measures;
using Experiments.Specs;
using static Experiments.Tests.Measures.ComparedRows;

namespace Experiments.Tests.Measures;

public sealed class TokenMeasuresTests
{
    // The first prompt's word has the tokens 3 and 5, the second's 4 alone, the third's 2 and 3.
    private static readonly AnsweredExperiment Tokens = Experiment(
        Answered(With, "1--", 0, token: 3), Answered(With, "1--", 1, token: 3),
        Answered(With, "1--", 0, token: 5), Answered(With, "0--", 1, token: 5),
        Answered(With, "-0-", 0, token: 4), Answered(With, "-0-", 1, token: 4),
        Answered(With, "--1", 0, token: 2), Answered(With, "--1", 1, token: 2),
        Answered(With, "--1", 0, token: 3), Answered(With, "--1", 1, token: 3));

    [Fact]
    public void A_token_is_counted_by_its_order_in_the_prompt_wherever_it_stands()
    {
        Assert.Equal((4 / 6.0, 6), Share(Tokens, Second with { Token = 1 }));
        Assert.Equal((3 / 4.0, 4), Share(Tokens, Second with { Token = 2 }));
        Assert.Equal(0, Measure(new CurveSpec("c", [Second with { Token = 3 }])).RowCount);
    }

    [Fact]
    public void A_token_is_representative_where_more_than_half_of_the_seeds_show_it_and_prompts_are_counted_once() => Assert.Equal(
        [(1 / 3.0, 3), (1 / 3.0, 3), (1 / 3.0, 3)],
        new[] { new TokenCount("c", 0, false), new TokenCount("c", 1, false), new TokenCount("c", 2, true) }
            .Select(count => Measure(new CurveSpec("c", [Second]) { Representative = count }))
            .Select(point => (point.Mean!.Value, point.RowCount)));

    [Fact]
    public void A_prompt_with_a_token_that_has_no_answer_or_without_tokens_has_no_number_of_them()
    {
        AnsweredRow[] rows = [.. Tokens.Rows.Where(row => row.Prompt == "prompt 0")];

        Assert.Equal(1, RepresentativeTokens.CountOf(rows, row => row.Answer(Question, 12)));
        Assert.Null(RepresentativeTokens.CountOf(rows, row => row.Token == 5 ? null : true));
        Assert.Null(RepresentativeTokens.CountOf([], _ => true));
        Assert.Null(RepresentativeTokens.CountOf(Experiment(Answered(With, "1")).Rows, _ => true));
    }

    [Fact]
    public void What_is_not_so_is_one_less_the_share_and_what_has_no_answer_is_neither()
    {
        AnsweredExperiment experiment = Experiment(Answered(With, "110-0"));

        Assert.Equal((0.5, 4), Share(experiment, Second));
        Assert.Equal((0.5, 4), Share(experiment, Second with { IsNegated = true }));
        Assert.Equal((0.25, 4), Share(Experiment(Answered(With, "111-0")), Second with { IsNegated = true }));
    }

    private static (double, int) Share(AnsweredExperiment experiment, MeasuredCondition measured)
    {
        MeasurePoint point = Measure(new CurveSpec("c", [measured]), experiment);
        return (point.Mean!.Value, point.RowCount);
    }

    private static MeasurePoint Measure(CurveSpec curve, AnsweredExperiment? experiment = null)
    {
        FigureSpec figure = new("f", "F", RowChoice.All, [curve]);
        AnsweredExperiment of = experiment ?? Tokens;
        return Measuring.Compute(AnsweredExperiment.Of(OfBoth with { Figures = [figure] }, "small", 12, of.Answers))
            .Curve("f", "c")
            .Single();
    }
}
