using DiffusionLens;
using Experiments.Measures;
using Experiments.Specs;
using static Experiments.Tests.Measures.ComparedRows;

namespace Experiments.Tests.Measures;

public sealed class PairedDifferenceTests
{
    [Fact]
    public void Pairs_are_of_the_same_prompt_and_seed_and_of_those_answered_on_both_sides()
    {
        PairedDifference pairs = PairedDifference.Of(
            Experiment(
                Answered(Without, "1000-1"), Answered(Without, "0", seed: 1),
                Answered(With, "01111-"), Answered(With, "1", seed: 2)),
            Difference,
            12);

        Assert.Equal((1, 3, 4, 4), (pairs.FirstYes, pairs.SecondYes, pairs.Count, pairs.Prompts));
        Assert.Equal((1, 3), (pairs.Test.OnlyFirst, pairs.Test.OnlySecond));
        Assert.Equal(0.5, pairs.Difference);
    }

    [Fact]
    public void The_interval_is_over_prompts_so_that_seeds_that_agree_make_it_no_narrower()
    {
        PairedDifference once = PairedDifference.Of(Experiment(Answered(Without, "00000000"), Answered(With, "11110000")), Difference, 12);
        PairedDifference twice = PairedDifference.Of(
            Experiment(
                Answered(Without, "00000000"), Answered(Without, "00000000", 1), Answered(With, "11110000"), Answered(With, "11110000", 1)),
            Difference,
            12);

        Assert.Equal(once.Interval, twice.Interval);
        Assert.Equal((8, 16, 8), (once.Count, twice.Count, twice.Prompts));
    }

    [Fact]
    public void What_is_equal_throughout_has_the_interval_0_and_what_has_no_pair_has_none()
    {
        PairedDifference equal = PairedDifference.Of(Experiment(Answered(Without, "10"), Answered(With, "10")), Difference, 12);
        Assert.Equal(new Interval(0, 0), equal.Interval);
        PairedDifference none = PairedDifference.Of(Experiment(Answered(Without, "10")), Difference, 12);
        Assert.Equal((null, null, 0), (none.Interval, none.Difference, none.Count));
    }

    [Fact]
    public void Any_earlier_layer_is_so_where_one_is_and_unknown_where_a_missing_one_could_be()
    {
        DifferenceSpec early = Difference with { At = ComparedLayer.AnyEarlier };
        PairedDifference pairs = PairedDifference.Of(
            Experiment(
                Answered(Without, "000", layer: 0), Answered(Without, "000", layer: 4), Answered(Without, "111"),
                Answered(With, "100", layer: 0), Answered(With, "-0-", layer: 4), Answered(With, "111")),
            early,
            layer: null);

        Assert.Equal((0, 1, 2), (pairs.FirstYes, pairs.SecondYes, pairs.Count));
    }

    [Fact]
    public void Tokens_are_paired_with_themselves()
    {
        PairedDifference pairs = PairedDifference.Of(
            Experiment(
                Answered(Without, "0", token: 3), Answered(Without, "1", token: 4),
                Answered(With, "1", token: 3), Answered(With, "1", token: 4)),
            Difference,
            12);

        Assert.Equal((1, 2, 2, 1), (pairs.FirstYes, pairs.SecondYes, pairs.Count, pairs.Prompts));
    }

    [Fact]
    public void One_position_is_paired_with_another_or_with_the_whole_prompt()
    {
        ConditionSpec first = OfBoth.Condition(Without) with
        {
            Site = new SiteSpec(new LensSite(Layer: 0) { Tokens = SiteTokens.Token(3) }),
        };
        Spec spec = OfBoth with { Conditions = [first, OfBoth.Condition(With)] };
        PairedDifference pairs = PairedDifference.Of(
            Experiment(spec, Answered(Without, "001", token: 3), Answered(With, "111")), Difference, 12);

        Assert.Equal((1, 3, 3), (pairs.FirstYes, pairs.SecondYes, pairs.Count));
    }

    [Fact]
    public void All_tests_of_a_spec_are_corrected_together_and_each_counts_once()
    {
        MeasuredCondition no = Second with { IsNegated = true };
        Spec spec = OfBoth with
        {
            Tables = [new TableSpec.Differences("t", "T", [("a", Difference), ("b", Difference with { Second = no })])],
            Findings =
            [
                new FindingSpec("f", "F",
                [
                    new HypothesisSpec(
                        "same", "The same", new MeasuredCondition(With, new AnswerRule(true, [Question])), First, default, 0),
                    new HypothesisSpec("share", "A share", Second, null, default, 0),
                ], []),
            ],
        };

        TestedDifferences tests =
            TestedDifferences.Of(Experiment(spec, Answered(Without, "000000"), Answered(With, "111111")));

        Assert.Equal(2, tests.Count);
        TestedDifference difference = tests.Find(Difference, 12);
        Assert.Equal(0.03125, difference.Difference.Test.P, 1e-15);
        Assert.Equal(0.0625, difference.Corrected!.Value.P, 1e-15);
        Assert.False(difference.Corrected.Value.IsRejected);
        Assert.Equal(1, tests.Find(Difference with { Second = no }, 12).Corrected!.Value.P);
    }
}
