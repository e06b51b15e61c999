using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_is_that_of_the_binomial_and_the_same_every_time()
    {
        // 50 of 100 prompts: the deviation of the share is 0.05.
        WeightedGroup half = new(1, [.. Enumerable.Range(0, 100).Select(i => new PromptTotal(i % 2, 1))]);

        Interval interval = Bootstrap.Of([half])!;

        Assert.InRange(interval.Low, 0.37, 0.43);
        Assert.InRange(interval.High, 0.57, 0.63);
        Assert.Equal(interval, Bootstrap.Of([half]));
    }

    [Fact]
    public void Four_seeds_of_a_prompt_that_agree_make_the_interval_no_narrower()
    {
        WeightedGroup once = new(1, [.. Enumerable.Range(0, 20).Select(i => new PromptTotal(i % 2, 1))]);
        WeightedGroup fourTimes = new(1, [.. once.Prompts.Select(prompt => new PromptTotal(4 * prompt.Sum, 4))]);

        Assert.Equal(Bootstrap.Of([once]), Bootstrap.Of([fourTimes]));
    }

    [Fact]
    public void A_difference_is_between_means_of_separate_groups()
    {
        WeightedGroup threes = new(1, [new PromptTotal(6, 2), new PromptTotal(3, 1)]), ones = new(-1, [new PromptTotal(1, 1)]);

        Assert.Equal(new Interval(2, 2), Bootstrap.Of([threes, ones]));
        Assert.Null(Bootstrap.Of([threes, new WeightedGroup(-1, [])]));
    }
}
