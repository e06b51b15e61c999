using Experiments.Specs;

namespace Experiments.Tests.Specs;

public sealed class AnswerRuleTests
{
    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(true, true, false, false)]
    [InlineData(true, null, false, false)]
    [InlineData(true, null, true, null)]
    [InlineData(false, false, false, false)]
    [InlineData(false, true, false, true)]
    [InlineData(false, null, true, true)]
    [InlineData(false, null, false, null)]
    public void A_missing_answer_counts_only_where_it_could_decide(bool all, bool? first, bool? second, bool? expected) =>
        Assert.Equal(expected, new AnswerRule(all, ["first", "second"]).Holds(question => question == "first" ? first : second));
}
