using Experiments.Answers.Vision;
using Experiments.Catalog;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Tests.Answers.Vision;

public sealed class ReadAnswerTests
{
    private static readonly VisionPrompt Score = Prompt("score"), YesNo = Prompt("yes-no");

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("10.0", 10.0)]
    [InlineData(" 5 ", 5.0)]
    [InlineData("0", 0.0)]
    [InlineData("Score: 8", 8.0)]
    [InlineData("**6.5**", 6.5)]
    [InlineData("9/10", 9.0)]
    [InlineData("3 out of 10.", 3.0)]
    public void A_number_from_0_to_10_is_a_score_and_above_5_a_yes(string text, double score) =>
        Assert.Equal(new ReadAnswer(score > 5, score), ReadAnswer.Of(new ChatReply { Text = text }, Score));

    [Theory]
    [InlineData("llf")]
    [InlineData("Error")]
    [InlineData("7, 10, 0, 1, ")]
    [InlineData("11")]
    [InlineData("-1")]
    [InlineData("80%")]
    [InlineData("5/5")]
    [InlineData("Between 3 and 4")]
    [InlineData("I'm sorry, but I can't help with 10 of these.")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_junk_which_stays_open_or_is_a_no(string? text)
    {
        Assert.Equal(new ReadAnswer(null, null), ReadAnswer.Of(new ChatReply { Text = text }, Score));
        Assert.Equal(new ReadAnswer(false, null), ReadAnswer.Of(new ChatReply { Text = text }, Score with { IsJunkNo = true }));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("**1")]
    [InlineData("Score: 1")]
    public void A_1_at_the_token_limit_may_be_half_a_10_and_is_no_answer_whatever_junk_counts_as(string text)
    {
        ChatReply whole = new() { Text = text }, cut = whole with { IsCut = true };

        Assert.Equal(new ReadAnswer(false, 1), ReadAnswer.Of(whole, Score));
        Assert.Equal(new ReadAnswer(null, null), ReadAnswer.Of(cut, Score));
        Assert.Equal(new ReadAnswer(null, null), ReadAnswer.Of(cut, Score with { IsJunkNo = true }));
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("7", 7.0)]
    [InlineData("10", 10.0)]
    [InlineData("1/10", 1.0)]
    public void Another_score_at_the_token_limit_is_whole(string text, double score) =>
        Assert.Equal(new ReadAnswer(score > 5, score), ReadAnswer.Of(new ChatReply { Text = text, IsCut = true }, Score));

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("yes.", true)]
    [InlineData("**No**", false)]
    [InlineData("No, there is not.", false)]
    [InlineData("NO", false)]
    [InlineData("Yesterday", null)]
    [InlineData("None", null)]
    [InlineData("no-one", null)]
    [InlineData("Maybe yes", null)]
    public void Without_probabilities_the_first_word_answers(string text, bool? yes) =>
        Assert.Equal(new ReadAnswer(yes, null), ReadAnswer.Of(new ChatReply { Text = text, YesMass = 0.7 }, YesNo));

    [Theory]
    [InlineData(0.6, 0.2, true, 0.75)]
    [InlineData(0.1, 0.3, false, 0.25)]
    [InlineData(0.4, 0.4, false, 0.5)]
    [InlineData(0.2, 0.1, true, 0.6667)]
    public void With_probabilities_the_share_of_yes_answers_whatever_was_said(double yesMass, double noMass, bool yes, double score) =>
        Assert.Equal(
            new ReadAnswer(yes, score), ReadAnswer.Of(new ChatReply { Text = "The", YesMass = yesMass, NoMass = noMass }, YesNo));

    [Fact]
    public void Where_neither_word_is_likely_what_was_said_counts()
    {
        ChatReply unlikely = new() { Text = "The", YesMass = 0.02, NoMass = 0.01 };

        Assert.Null(ReadAnswer.Of(unlikely, YesNo).Yes);
        Assert.Equal(new ReadAnswer(false, null), ReadAnswer.Of(unlikely with { Text = "no" }, YesNo));
    }

    private static VisionPrompt Prompt(string name) => VisionPromptReader.Read(AssetCatalog.Prompts.Find(name).Path);
}
