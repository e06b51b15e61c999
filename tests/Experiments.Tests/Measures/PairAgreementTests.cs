using DiffusionLens.Runtime;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tests.Measures;

public sealed class PairAgreementTests
{
    private static readonly Spec Spec = Small.Spec with
    {
        Questions =
        [
            Question(Rows.First, new VisualQuery.Thing(new Slot("object", 0))),
            Question(Rows.Second, new VisualQuery.Color(new Slot("color", 0))),
        ],
    };

    [Fact]
    public void Every_pair_of_annotators_is_compared_kind_by_kind_and_the_first_is_the_truth()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Spec, "small", null,
        [
            .. Rows.Answers("a", 0, "Ana", (Rows.First, "0011"), (Rows.Second, "01--")),
            .. Rows.Answers("b", 0, "Ana", (Rows.First, "1111")),
            .. Rows.Answers("a", 0, "clip@0123abcd", (Rows.First, "0111"), (Rows.Second, "00--")),
            .. Rows.Answers("b", 0, "clip@0123abcd", (Rows.First, "0-11")),
            .. Rows.Answers("a", 0, "Ben", (Rows.Second, "11--")),
        ]);

        IReadOnlyList<PairAgreement> pairs = PairAgreement.All(experiment);

        Assert.Equal(
            [
                ("Ana", "clip@0123abcd", "thing", new Agreement(4, 1, 1, 1)),
                ("Ana", "clip@0123abcd", "color", new Agreement(0, 1, 0, 1)),
                ("Ana", "clip@0123abcd", "all", new Agreement(4, 2, 1, 2)),
                ("Ana", "Ben", "color", new Agreement(1, 0, 1, 0)),
                ("clip@0123abcd", "Ben", "color", new Agreement(0, 0, 2, 0)),
            ],
            pairs.Select(pair => (pair.First, pair.Second, pair.Kind, pair.Agreement)));
        PairAgreement thing = pairs[0];
        Assert.Equal(5 / 7.0, thing.Agreement.Share!.Value, 1e-12);

        // Of two prompts every draw is one of a a, a b, b b: the agreement lies between those of the two alone.
        Assert.Equal(2 / 3.0, thing.Share!.Low, 1e-12);
        Assert.Equal(3 / 4.0, thing.Share.High, 1e-12);
        Assert.InRange(thing.Agreement.Kappa!.Value, thing.Kappa!.Low, thing.Kappa.High);
    }

    [Fact]
    public void One_annotator_alone_has_nobody_to_agree_with()
    {
        AnsweredExperiment experiment =
            AnsweredExperiment.Of(Spec, "small", null, [.. Rows.Answers("a", 0, "Ana", (Rows.First, "0011"))]);

        Assert.Empty(PairAgreement.All(experiment));
        Assert.Empty(GroupAgreement.All(experiment));
    }

    [Fact]
    public void Of_three_annotators_the_alpha_is_Krippendorffs()
    {
        AnsweredExperiment experiment = AnsweredExperiment.Of(Spec, "small", null,
        [
            .. Rows.Answers("a", 0, "Ana", (Rows.First, "0011")),
            .. Rows.Answers("b", 0, "Ana", (Rows.First, "10-1")),
            .. Rows.Answers("a", 0, "Ben", (Rows.First, "0111")),
            .. Rows.Answers("b", 0, "Ben", (Rows.First, "1-01")),
            .. Rows.Answers("a", 0, "clip@0123abcd", (Rows.First, "1010")),
            .. Rows.Answers("b", 0, "clip@0123abcd", (Rows.First, "100-")),
        ]);

        GroupAgreement all = Assert.Single(GroupAgreement.All(experiment));

        Assert.Equal(("thing", 8, 5), (all.Kind, all.Count, all.CountOfAll));
        Assert.Equal(
            KrippendorffAlpha.Of([[0, 0, 1, 1, 1, 0, null, 1], [0, 1, 1, 1, 1, null, 0, 1], [1, 0, 1, 0, 1, 0, 0, null]])!.Value,
            all.Alpha!.Value,
            1e-12);
        Assert.Equal(
            FleissKappa.Of([[0, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 0], [1, 1, 1]])!.Value, all.Fleiss!.Value, 1e-12);
        Assert.True(all.AlphaInterval!.Low <= all.AlphaInterval.High);
    }

    [Fact]
    public void Added_up_unit_by_unit_alpha_is_Krippendorffs_whatever_is_answered()
    {
        SplitMix64 random = new(7);
        for (int round = 0; round < 50; round++)
        {
            bool?[][] units = [.. Enumerable.Range(0, 9).Select(_ => Enumerable.Range(0, 4).Select(_ => Any()).ToArray())];
            double? expected = KrippendorffAlpha.Of(
                [.. Enumerable.Range(0, 4).Select(by => units.Select(unit => unit[by] is bool yes ? yes ? 1 : 0 : (int?)null).ToArray())]);

            double? alpha = BinaryDisagreement.Sum(units.Select(BinaryDisagreement.Of)).Alpha;

            Assert.Equal(expected is null, alpha is null);
            Assert.Equal(expected ?? 0, alpha ?? 0, 1e-12);
        }

        bool? Any() => random.Whole(0, 2) switch { 0 => true, 1 => false, _ => null };
    }

    private static QuestionSpec Question(string name, VisualQuery sees) => new(name, new Template("", []), sees, [], default);
}
