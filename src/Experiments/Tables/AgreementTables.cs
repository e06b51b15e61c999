using System.Globalization;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tables;

/// <summary>How far the annotators of an experiment agree: of every pair (the paper's Table 2), and of more than two together.</summary>
internal static class AgreementTables
{
    public const string Pairs = TableSpec.AgreementOfPairs, Group = TableSpec.AgreementOfAll;

    /// <summary>The tables; none where one annotator alone answered.</summary>
    public static IReadOnlyList<TableSheet> Of(AnsweredExperiment experiment)
    {
        IReadOnlyList<PairAgreement> pairs = PairAgreement.All(experiment);
        IReadOnlyList<GroupAgreement> groups = GroupAgreement.All(experiment);
        Func<string, string> called = Names(experiment);
        return
        [
            .. pairs.Count > 0 ? [OfPairs(pairs, experiment.Model, called)] : Array.Empty<TableSheet>(),
            .. groups.Count > 0 ? [OfGroup(groups, experiment.Model, called)] : Array.Empty<TableSheet>(),
        ];
    }

    private static TableSheet OfPairs(IReadOnlyList<PairAgreement> pairs, string model, Func<string, string> called) => new(
        Pairs,
        "How far annotators agree, two by two",
        $"{(model.Length > 0 ? $"{model}. " : "")}All images about which both answered the same question, by what it is about. The first "
            + "is taken as the truth. In brackets 95 % intervals by the bootstrap over prompts. "
            + "Kappa is agreement beyond that of chance: 100 % where they always agree, 0 where no more than by chance; "
            + "– where chance alone gives full agreement.",
        ["First", "Second", "Question", "n", "Agree", "Precision", "Recall", "F1", "Cohen's kappa"],
        [
            .. from pair in pairs
               let agreement = pair.Agreement
               select (IReadOnlyList<string>)
               [
                   called(pair.First), called(pair.Second), pair.Kind, Whole(agreement.Count), ShareText.Of(agreement.Share, pair.Share),
                   ShareText.Of(agreement.Precision, pair.Precision), ShareText.Of(agreement.Recall, pair.Recall),
                   ShareText.Of(agreement.F1, pair.F1),
                   ShareText.Of(agreement.Kappa, pair.Kappa),
               ],
        ]);

    private static TableSheet OfGroup(IReadOnlyList<GroupAgreement> groups, string model, Func<string, string> called) => new(
        Group,
        "How far all annotators agree",
        $"{(model.Length > 0 ? $"{model}. " : "")}Krippendorff's alpha of questions that two annotators or more answered, with the 95 % "
            + "interval by the bootstrap over prompts; Fleiss' kappa of those that all answered. 100 % where all always agree, 0 where no "
            + "more than by chance.",
        ["Question", "Annotators", "n", "Krippendorff's alpha", "n of all", "Fleiss' kappa"],
        [
            .. groups.Select(group => (IReadOnlyList<string>)
            [
                group.Kind, string.Join(", ", group.Annotators.Select(called)), Whole(group.Count),
                ShareText.Of(group.Alpha, group.AlphaInterval), Whole(group.CountOfAll), ShareText.Of(group.Fleiss),
            ]),
        ]);

    // Without hashes, unless two versions of one machine answered.
    private static Func<string, string> Names(AnsweredExperiment experiment)
    {
        HashSet<string> twice =
        [
            .. experiment.Answers.Select(answer => answer.Annotator).Distinct().GroupBy(AnnotatorName.Plain)
                .Where(same => same.Count() > 1).Select(same => same.Key),
        ];
        return name => twice.Contains(AnnotatorName.Plain(name)) ? name : AnnotatorName.Plain(name);
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
