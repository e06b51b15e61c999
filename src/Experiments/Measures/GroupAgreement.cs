namespace Experiments.Measures;

/// <summary>How far more than two annotators agree about one kind of question.</summary>
/// <param name="Kind">The kind; <see cref="PairAgreement.AllKinds"/> for all together.</param>
/// <param name="Annotators">Those who answered any of it.</param>
/// <param name="Count">Questions about images that two of them or more answered.</param>
/// <param name="Alpha"><see cref="KrippendorffAlpha"/>; null where all say the same.</param>
/// <param name="AlphaInterval">95 %, by the bootstrap over prompts.</param>
/// <param name="CountOfAll">Questions that all of them answered.</param>
/// <param name="Fleiss"><see cref="FleissKappa"/> of these; null where there is none, or all say the same.</param>
internal sealed record GroupAgreement(
    string Kind,
    IReadOnlyList<string> Annotators,
    int Count,
    double? Alpha,
    Interval? AlphaInterval,
    int CountOfAll,
    double? Fleiss)
{
    /// <summary>Kind by kind, then all together; none where there are fewer than three annotators.</summary>
    public static IReadOnlyList<GroupAgreement> All(AnsweredExperiment experiment)
    {
        AnnotatedQuestions questions = AnnotatedQuestions.Of(experiment);
        return questions.Annotators.Count < 3
            ? []
            : [.. PairAgreement.KindsOf(questions.Asked).Select(kind => Of(kind.Name, [.. kind.Asked], questions.Annotators))];
    }

    private static GroupAgreement Of(string kind, AnnotatedQuestion[] asked, IReadOnlyList<string> annotators)
    {
        int[] places = [.. Enumerable.Range(0, annotators.Count).Where(place => asked.Any(question => question.By[place] is not null))];
        AnnotatedQuestion[] paired = [.. asked.Where(question => question.By.Count(answer => answer is not null) > 1)];
        int[][] ofAll =
        [
            .. paired.Where(question => places.All(place => question.By[place] is not null))
                .Select(question => places.Select(place => question.By[place] == true ? 1 : 0).ToArray()),
        ];
        BinaryDisagreement[] prompts =
        [
            .. paired.GroupBy(question => question.Prompt)
                .Select(prompt => BinaryDisagreement.Sum(prompt.Select(question => BinaryDisagreement.Of(question.By)))),
        ];
        return new GroupAgreement(
            kind,
            [.. places.Select(place => annotators[place])],
            paired.Length,
            BinaryDisagreement.Sum(prompts).Alpha,
            Bootstrap.OfStatistic(prompts, drawn => BinaryDisagreement.Sum(drawn).Alpha),
            ofAll.Length,
            places.Length > 1 ? FleissKappa.Of(ofAll) : null);
    }
}

/// <summary>
/// What Krippendorff's alpha of yes and no is made from, which can be added up over units, so that drawing prompts again is quick.
/// </summary>
/// <param name="Observed">Ordered pairs of different answers to a unit, each by one less than the unit's answers.</param>
internal readonly record struct BinaryDisagreement(double Observed, int Yes, int No)
{
    /// <summary>As <see cref="KrippendorffAlpha"/>; null where all say the same.</summary>
    public double? Alpha => Yes == 0 || No == 0 ? null : 1 - ((Yes + No - 1) * Observed / (2.0 * Yes * No));

    /// <summary>One unit's; nothing of a unit with fewer than two answers.</summary>
    public static BinaryDisagreement Of(IReadOnlyList<bool?> answers)
    {
        int yes = answers.Count(answer => answer == true), no = answers.Count(answer => answer == false);
        return yes + no < 2 ? default : new BinaryDisagreement(2.0 * yes * no / (yes + no - 1), yes, no);
    }

    /// <summary>That of several units together.</summary>
    public static BinaryDisagreement Sum(IEnumerable<BinaryDisagreement> parts) => parts.Aggregate(
        default(BinaryDisagreement),
        (sum, part) => new BinaryDisagreement(sum.Observed + part.Observed, sum.Yes + part.Yes, sum.No + part.No));
}
