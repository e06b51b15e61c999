using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>How far two annotators agree about one kind of question, with 95 % intervals by the bootstrap over prompts.</summary>
/// <param name="First">The one that is taken as the truth: who stands first in <c>answers.csv</c>.</param>
/// <param name="Kind">The kind of question; <see cref="AllKinds"/> for all together.</param>
internal sealed record PairAgreement(string First, string Second, string Kind, Agreement Agreement)
{
    /// <summary>What all kinds of questions together are called.</summary>
    public const string AllKinds = "all";

    public required Interval? Share { get; init; }

    public required Interval? Precision { get; init; }

    public required Interval? Recall { get; init; }

    public required Interval? F1 { get; init; }

    public required Interval? Kappa { get; init; }

    /// <summary>Every pair of annotators who answered the same questions about the same images: kind by kind, then all together.</summary>
    public static IReadOnlyList<PairAgreement> All(AnsweredExperiment experiment)
    {
        AnnotatedQuestions questions = AnnotatedQuestions.Of(experiment);
        return
        [
            .. from first in Enumerable.Range(0, questions.Annotators.Count)
               from second in Enumerable.Range(first + 1, questions.Annotators.Count - first - 1)
               let shared = questions.Asked.Where(asked => asked.By[first] is not null && asked.By[second] is not null).ToArray()
               where shared.Length > 0
               from kind in KindsOf(shared)
               select Of(
                   questions.Annotators[first],
                   questions.Annotators[second],
                   kind.Name,
                   kind.Asked.GroupBy(
                       asked => asked.Prompt,
                       (_, ofPrompt) => Agreement.Of(ofPrompt.Select(asked => (asked.By[first]!.Value, asked.By[second]!.Value))))),
        ];
    }

    /// <summary>The questions kind by kind, and all together where there are several.</summary>
    public static IEnumerable<(string Name, IEnumerable<AnnotatedQuestion> Asked)> KindsOf(IReadOnlyList<AnnotatedQuestion> questions)
    {
        IGrouping<string, AnnotatedQuestion>[] kinds = [.. questions.GroupBy(asked => asked.Kind)];
        return
        [
            .. kinds.Select(kind => (kind.Key, (IEnumerable<AnnotatedQuestion>)kind)),
            .. kinds.Length > 1 ? [(AllKinds, questions)] : Array.Empty<(string, IEnumerable<AnnotatedQuestion>)>(),
        ];
    }

    private static PairAgreement Of(string first, string second, string kind, IEnumerable<Agreement> prompts)
    {
        Agreement[] ofPrompts = [.. prompts];
        return new PairAgreement(first, second, kind, Agreement.Sum(ofPrompts))
        {
            Share = Interval(agreement => agreement.Share),
            Precision = Interval(agreement => agreement.Precision),
            Recall = Interval(agreement => agreement.Recall),
            F1 = Interval(agreement => agreement.F1),
            Kappa = Interval(agreement => agreement.Kappa),
        };

        Interval? Interval(Func<Agreement, double?> measure) =>
            Bootstrap.OfStatistic(ofPrompts, drawn => measure(Agreement.Sum(drawn)));
    }
}
