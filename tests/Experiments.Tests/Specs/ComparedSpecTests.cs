using DiffusionLens;
using Experiments.Specs;

namespace Experiments.Tests.Specs;

/// <summary>What is compared, concluded and shown token by token.</summary>
public sealed class ComparedSpecTests
{
    private const string Compared = """
        tables:
          differences:
            title: Differences
            at: every layer
            paired differences:
              Right: {right: [two, clean]}
              No color: {no: has color, of: [two, clean]}
        findings:
          padding:
            title: What is it used for?
            hypotheses:
              encoding: {claim: It is used, right: [clean, two], more than: 5}
              early: {claim: It is early, wrong: two, at: any earlier layer}
            concludes:
              used: [encoding, not early]
              unused: not encoding

        """;

    private static readonly string Text = SmallSpec
        .With("questions:\n", "  clean: {same as: two}\nquestions:\n")
        .Replace("of: [object, two]}\n  has object'", "of: [object, two, clean]}\n  has object'", StringComparison.Ordinal)
        .Replace("of: two}\n", "of: [two, clean]}\n", StringComparison.Ordinal);

    [Fact]
    public void A_difference_is_between_two_conditions_the_one_that_is_subtracted_first()
    {
        TableSpec.Differences table = Assert.IsType<TableSpec.Differences>(SmallSpec.Read(Text + Compared).Tables.Single());

        Assert.Equal(["Right", "No color"], table.Compared.Select(row => row.Label));
        Assert.Equal(["two", "clean"], table.Of);
        DifferenceSpec color = table.Compared[1].Difference;
        Assert.Equal(
            ("two", "clean", true, ComparedLayer.Every),
            (color.First.Condition, color.Second.Condition, color.Second.IsNegated, color.At));
        Assert.True(SmallSpec.Read(Text + Compared).NeedsLastLayer);
    }

    [Fact]
    public void A_finding_has_hypotheses_and_what_follows_of_their_verdicts()
    {
        FindingSpec finding = SmallSpec.Read(Text + Compared).Findings.Single();

        HypothesisSpec encoding = finding.Hypotheses[0], early = finding.Hypotheses[1];
        Assert.Equal(
            ("encoding", "clean", "two", 0.05, ComparedLayer.Last),
            (encoding.Name, encoding.First!.Condition, encoding.Second.Condition, encoding.Bound, encoding.At));
        Assert.Equal((null, true, 0, ComparedLayer.AnyEarlier), (early.First, early.Second.IsNegated, early.Bound, early.At));
        Assert.Equal([("encoding", true), ("early", false)], finding.Conclusions[0].If);
        Assert.Equal("unused", finding.Conclusions[1].Words);
        Assert.Equal([("encoding", false)], finding.Conclusions[1].If);
    }

    [Fact]
    public void A_curve_of_several_tokens_is_as_many_curves_and_a_histogram_has_a_curve_a_column()
    {
        const string Figures = """
              grid: {title: Grid, kind: heatmap, rows: all, curves: {Token: {yes: has object, of: two, tokens: 3}}}
              count: {title: Count, kind: histogram, rows: all, representative tokens: 2, curves: {Things: {yes: has object, of: two}}}
              fig-1:

            """;
        Spec spec = SmallSpec.Read(Text.Replace("  fig-1:\n", Figures, StringComparison.Ordinal));

        Assert.Equal(
            [("Token 1", 1), ("Token 2", 2), ("Token 3", 3)],
            spec.Figures[0].Curves.Select(curve => (curve.Label, curve.Over.Single().Token!.Value)));
        Assert.Equal(["Things: 0", "Things: 1", "Things: 2+"], spec.Figures[1].Curves.Select(curve => curve.Label));
        Assert.Equal(new TokenCount("Things", 2, OrMore: true), spec.Figures[1].Curves[2].Representative);
    }

    [Theory]
    [InlineData("right: [two, clean]}", "right: [object, clean]}", "'object' and 'clean' have other prompts, which make no pairs; "
        + "write 'clean' with same as: object")]
    [InlineData("right: [two, clean]}", "right: two}", "a difference is between two conditions")]
    [InlineData("at: every layer", "rows: all", "'rows' beside 'paired differences', for which it means nothing; leave it out")]
    [InlineData("at: every layer", "at: no layer", "'no layer' is no layer to look at")]
    [InlineData("at: any earlier layer", "at: every layer", "'every layer' is no layer to look at")]
    [InlineData("[encoding, not early]", "[encoding, not late]", "'not late' is no hypothesis, or 'not' and one")]
    [InlineData("more than: 5", "more than: 100", "it should be a percentage, 0 to 99")]
    [InlineData("early: {claim", "not early: {claim", "begins with 'not', which denies a hypothesis")]
    [InlineData("claim: It is used, ", "", "lacks the key 'claim'")]
    [InlineData("  padding:\n", "  differences:\n", "'differences' names a table too, whose files it would share; rename one")]
    [InlineData("no: has color, of", "no: has colour, of", "'has colour' is no question of 'two' and 'clean'")]
    public void A_mistake_in_a_comparison_is_named(string old, string replacement, string error)
    {
        Assert.Equal(2, Compared.Split(old).Length);

        Assert.Contains(error, ErrorOf(Text + Compared.Replace(old, replacement, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: histogram, curves: {A: {right: two}}", "lacks the key 'representative tokens'; add for example")]
    [InlineData("representative tokens: 2, curves: {A: {right: two, token: 1}}", "'token' in a figure of 'representative tokens'")]
    [InlineData("representative tokens: 2, curves: {A: {right: two, tokens: 2}}", "'tokens' beside 'representative tokens'; keep one")]
    [InlineData("curves: {A: {right: two, tokens: 2, token: 1}}", "'tokens' beside 'token'; keep one")]
    [InlineData("curves: {A: {right: two, tokens: 2}, A 2: {right: two}}", "are labeled 'A 2'; rename one")]
    [InlineData("curves: {A: {right: two, token: 0}}", "it should be which token of those shown one after another, from 1")]
    [InlineData("curves: {A: {wrong: two, of: two}}", "'of' beside 'wrong'; 'wrong' names its conditions itself: wrong: two")]
    public void A_mistake_in_a_figure_of_tokens_is_named(string figure, string error) => Assert.Contains(
        error,
        ErrorOf(Text.Replace("  fig-1:\n", $"  new: {{title: New, rows: all, {figure}}}\n  fig-1:\n", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    private static string ErrorOf(string text) => Assert.Throws<BadInputException>(() => SmallSpec.Read(text)).Message;
}
