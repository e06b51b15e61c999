using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>What one annotator said to questions of one kind, and what is known of how often it errs on them.</summary>
/// <param name="Annotator">Its name as it stands in <c>answers.csv</c>.</param>
/// <param name="Kind">The kind of question (<see cref="QuestionKind"/>).</param>
/// <param name="Count">How many answers it gave.</param>
/// <param name="Yes">How many of them are yes.</param>
/// <param name="Errors">What was measured on images whose truth is known; null: nothing.</param>
internal sealed record AnsweredKind(string Annotator, string Kind, int Count, int Yes, CalibrationRow? Errors)
{
    /// <summary>All annotators and kinds of some experiments, annotator after annotator.</summary>
    /// <param name="known">What was measured of annotators' errors.</param>
    public static IReadOnlyList<AnsweredKind> All(
        IEnumerable<AnsweredExperiment> experiments, IReadOnlyList<CalibrationTable> known)
    {
        AnsweredKind[] all =
        [
            .. from experiment in experiments
               let kinds = KindsOf(experiment.Spec)
               from answer in experiment.Answers
               where answer.Yes is not null
               group answer.Yes == true by (answer.Annotator, Kind: kinds.GetValueOrDefault(answer.Question, answer.Question)) into said
               select new AnsweredKind(
                   said.Key.Annotator,
                   said.Key.Kind,
                   said.Count(),
                   said.Count(yes => yes),
                   Find(said.Key.Annotator, said.Key.Kind, known)),
        ];
        return [.. all.GroupBy(said => said.Annotator).SelectMany(ofOne => ofOne)];
    }

    /// <summary>Those whose answers a figure is made from, as far as they are asked about by it.</summary>
    /// <param name="all">Those of the experiment.</param>
    public static IReadOnlyList<AnsweredKind> In(FigureSpec figure, AnsweredExperiment experiment, IReadOnlyList<AnsweredKind> all)
    {
        IReadOnlyDictionary<string, string> kinds = KindsOf(experiment.Spec);
        HashSet<(string Condition, string Question)> asked =
        [
            .. from curve in figure.Curves
               from part in curve.Over
               from question in part.Rule.Questions
               select (part.Condition, question),
        ];
        IEnumerable<Answer> answers =
            experiment.Answers.Where(answer => answer.Yes is not null && asked.Contains((answer.Condition, answer.Question)));
        IEnumerable<Answer> counting = figure.Annotators switch
        {
            AnnotatorChoice.First => AnsweredExperiment.ByTheMain(answers),
            AnnotatorChoice.By by => answers.Where(answer =>
                by.Name == answer.Annotator || by.Name == AnnotatorName.Plain(answer.Annotator)),
            _ => answers,
        };
        HashSet<(string Annotator, string Kind)> given =
            [.. counting.Select(answer => (answer.Annotator, kinds.GetValueOrDefault(answer.Question, answer.Question)))];
        return [.. all.Where(one => given.Contains((one.Annotator, one.Kind)))];
    }

    private static Dictionary<string, string> KindsOf(Spec spec) =>
        spec.Questions.ToDictionary(question => question.Name, QuestionKind.Of);

    private static CalibrationRow? Find(string annotator, string kind, IReadOnlyList<CalibrationTable> known) =>
        known.Select(table => table.Find(annotator, kind)).FirstOrDefault(row => row is not null);
}
