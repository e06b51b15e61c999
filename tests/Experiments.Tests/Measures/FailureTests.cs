using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class FailureTests
{
    [Fact]
    public void A_failure_is_complete_or_had_an_early_success_and_a_row_without_a_last_answer_does_not_count()
    {
        AnsweredRow[] rows =
        [
            Make("a", 0, "0011", "0001"), Make("a", 1, "0110", "0111"), Make("a", 2, "1110", "0001"), Make("a", 3, "000-", "0111"),
        ];

        Assert.Equal(new Failures(Complete: 1, EarlySuccess: 1, Count: 3), Failures.Of(rows, Rows.Condition, Rows.Layers, 12));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Ten_failures_or_fewer_drop_out(int failures, bool shown) =>
        Assert.Equal(shown, new Failures(failures, 0, 100).AreShown);

    [Fact]
    public void A_prompt_that_fails_with_three_of_four_seeds_is_of_type_1_where_a_part_never_came()
    {
        // a: the second thing is there only in the last layer; b: both are there, with different seeds; c: fails with two of four.
        AnsweredRow[] rows =
        [
            .. Enumerable.Range(0, 4).Select(seed => (ulong)seed).Select(seed => Make("a", seed, "1110", "0001")),
            Make("b", 0, "1000", "0000"),
            Make("b", 1, "0000", "0100"),
            Make("b", 2, "0000", "0000"),
            Make("b", 3, "1111", "1111"),
            .. Enumerable
                .Range(0, 4)
                .Select(seed => (ulong)seed)
                .Select(seed => Make("c", seed, "0000", "0000") is var failed && seed < 2 ? failed : Make("c", seed, "1111", "1111")),
        ];

        Assert.Equal(
            new FailureTypes(NeverMade: 1, NotCombined: 1),
            FailureTypes.Of(rows, Rows.Condition, [Rows.First, Rows.Second], Rows.Layers, 12));
    }

    [Fact]
    public void An_answer_about_the_image_as_a_whole_goes_before_those_about_its_parts()
    {
        AnsweredRow row = Rows.Row("a", 0, (Rows.First, "1111"), (Rows.Second, "1111"), (AnsweredRow.AsAWhole, "0--0"));

        Assert.Equal([false, true, true, false], Rows.Layers.Select(layer => row.IsRight(Rows.Condition, layer)!.Value));
    }

    private static AnsweredRow Make(string prompt, ulong seed, string first, string second) =>
        Rows.Row(prompt, seed, (Rows.First, first), (Rows.Second, second));
}
