using Experiments.Answers;
using Experiments.Measures;

namespace Experiments.Tests.Measures;

public sealed class AgreementTests
{
    [Fact]
    public void Precision_recall_F1_and_kappa_are_those_of_the_textbook()
    {
        // Cohen's own layout: 20 both yes, 5 and 10 by one alone, 15 both no: agreement 0.7, by chance 0.5.
        Agreement agreement = new(20, 5, 10, 15);

        Assert.Equal(50, agreement.Count);
        Assert.Equal(0.4, agreement.Kappa!.Value, 1e-12);
        Assert.Equal(20 / 30.0, agreement.Precision!.Value, 1e-12);
        Assert.Equal(20 / 25.0, agreement.Recall!.Value, 1e-12);
        Assert.Equal(40 / 55.0, agreement.F1!.Value, 1e-12);
    }

    [Fact]
    public void Where_nobody_says_yes_there_is_no_F1_and_no_kappa()
    {
        Agreement none = Agreement.Of([(false, false), (false, false)]);

        Assert.Equal((null, null, 2), (none.F1, none.Kappa, none.Count));
    }

    [Fact]
    public void Rows_enter_that_the_second_finds_right_at_last_and_the_first_answered_whole()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "paper", null,
        [
            .. Rows.Answers("a", 0, "human", (Rows.First, "0111")),
            .. Rows.Answers("a", 1, "human", (Rows.First, "0-11")),
            .. Rows.Answers("a", 2, "human", (Rows.First, "1111")),
            .. Rows.Answers("a", 0, "gpt", (Rows.First, "0011"), (Rows.Second, "0001")),
            .. Rows.Answers("a", 1, "gpt", (Rows.First, "0011"), (Rows.Second, "0001")),
            .. Rows.Answers("a", 2, "gpt", (Rows.First, "0011"), (Rows.Second, "0000")),
        ]);

        Assert.Equal(new Agreement(2, 1, 0, 1), AnnotatorPair.Compare(experiment, Rows.Condition, Rows.First, [Rows.First, Rows.Second]));
        Assert.Equal(8, AnnotatorPair.Compare(experiment, Rows.Condition, Rows.First, [Rows.First])!.Count);
        Assert.Null(AnnotatorPair.Compare(experiment, Rows.Condition, Rows.Second, []));
    }

    [Fact]
    public void Where_a_condition_shows_one_token_after_another_each_is_compared_with_itself()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Small.Spec, "paper", null,
        [
            .. ByToken(3, "human", "0011"), .. ByToken(5, "human", "0001"),
            .. ByToken(5, "gpt", "0001"), .. ByToken(3, "gpt", "0111"),
        ]);

        Assert.Equal(new Agreement(3, 0, 1, 4), AnnotatorPair.Compare(experiment, Rows.Condition, Rows.First, [Rows.First]));

        static IEnumerable<Answer> ByToken(int token, string annotator, string answers) =>
            Rows.Answers("a", 0, annotator, (Rows.First, answers)).Select(answer => answer with
            {
                Site = $"layer-{answer.Layer:00}_tokens-token-{token}",
            });
    }
}
