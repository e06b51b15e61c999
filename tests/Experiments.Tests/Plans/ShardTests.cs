using Experiments.Plans;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Plans;

public sealed class ShardTests
{
    private static readonly Plan Whole = Many(101);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(101)]
    [InlineData(150)]
    public void Every_prompt_is_in_one_shard_and_no_shard_has_two_prompts_more_than_another(int count)
    {
        IReadOnlyList<Plan> parts = Shard.Parts(Whole, count);

        Assert.Equal(count, parts.Count);
        Assert.Equal(Whole.Prompts, parts.SelectMany(part => part.Prompts).OrderBy(prompt => prompt.Number));
        Assert.InRange(parts.Max(part => part.Prompts.Count) - parts.Min(part => part.Prompts.Count), 0, 1);
        Assert.Equal(Whole.ImageCount, parts.Sum(part => part.ImageCount));
        Assert.Equal(Whole.AnswerCount, parts.Sum(part => part.AnswerCount));
        Assert.All(parts.Zip(Shard.All(count)), pair => Assert.Equal(pair.First.Prompts, pair.Second.PartOf(Whole).Prompts));
        Assert.All(parts.Zip(Shard.All(count)), pair => Assert.Equal(pair.First.Questions, pair.Second.PartOf(Whole).Questions));
    }

    [Fact]
    public void A_shard_has_all_layers_and_seeds_of_its_prompts_in_the_plans_order()
    {
        Plan part = new Shard(2, 3).PartOf(Whole);

        Assert.Equal((Whole.Layers, Whole.Seeds), (part.Layers, part.Seeds));
        Assert.Equal(part.Prompts.OrderBy(prompt => prompt.Number), part.Prompts);
        Assert.Subset(Whole.Images.ToHashSet(), part.Images.ToHashSet());
    }

    // Another machine, process or order of the spec must not deal otherwise: these were written down once.
    [Fact]
    public void Which_shard_a_prompt_is_in_depends_on_condition_and_text_alone()
    {
        int[] numbers = [.. new Shard(1, 4).PartOf(Whole).Prompts.Select(prompt => prompt.Number).Take(8)];
        Plan shuffled = Whole with { Layers = [0], Seeds = [9], Prompts = [.. Whole.Prompts.Reverse()] };

        Assert.Equal([1, 9, 10, 11, 13, 14, 17, 24], numbers);
        Assert.Equal(
            new Shard(1, 4).PartOf(Whole).Prompts.Select(prompt => prompt.Number).Order(),
            new Shard(1, 4).PartOf(shuffled).Prompts.Select(prompt => prompt.Number).Order());
    }

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("3/64", 3, 64)]
    [InlineData("9999/9999", 9999, 9999)]
    public void A_shard_is_read_as_it_is_written(string text, int number, int count)
    {
        Assert.Equal(new Shard(number, count), Shard.Parse(text));
        Assert.Equal(text, new Shard(number, count).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1/10000")]
    [InlineData("-1/4")]
    [InlineData(" 1/4")]
    [InlineData("1/4/4")]
    [InlineData("1/99999999999")]
    [InlineData("one/four")]
    public void What_is_no_shard_is_none(string text) => Assert.Null(Shard.Parse(text));

    private static Plan Many(int prompts)
    {
        Plan small = SmallPlan.Plan;
        PlannedPrompt[] many =
        [
            .. Enumerable.Range(0, prompts).Select(number => small.Prompts[number % 4] with
            {
                Number = number,
                Text = $"{small.Prompts[number % 4].Text} {number}",
            }),
        ];
        return small with { Prompts = many, Questions = [.. many.Select(prompt => small.Questions[0] with { Prompt = prompt })] };
    }
}
