using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>Whose answers a figure is made from, where that must be said.</summary>
internal static class AnsweredBy
{
    // Of fewer prompts than this share the main annotator's answers are an exception.
    private const double Seldom = 0.25;

    /// <summary>
    /// Who answered where there are several, and which questions the main one seldom did; empty where one alone answered.
    /// </summary>
    public static string Say(AnsweredExperiment experiment, FigureSpec figure)
    {
        HashSet<string> conditions = [.. figure.Curves.SelectMany(curve => curve.Over).Select(of => of.Condition)];
        HashSet<string> questions = [.. figure.Curves.SelectMany(curve => curve.Over).SelectMany(of => of.Rule.Questions)];
        Answer[] asked =
        [
            .. experiment.Answers.Where(answer => conditions.Contains(answer.Condition) && questions.Contains(answer.Question)),
        ];
        string[] annotators = [.. asked.Select(answer => answer.Annotator).Distinct()];
        return annotators.Length < 2 ? "" : figure.Annotators switch
        {
            AnnotatorChoice.First => string.Join(
                ", ", annotators.Intersect(AnsweredExperiment.ByTheMain(asked).Select(answer => answer.Annotator))),
            AnnotatorChoice.By by => by.Name,
            AnnotatorChoice.Majority => $"the majority of {string.Join(", ", annotators)}",
            _ => $"{string.Join(", else ", annotators)}{SeldomBy(annotators[0], asked)}",
        };
    }

    /// <summary>
    /// The curves of a figure that are judged otherwise than the parts beside them: where people said of an image as a whole whether it is
    /// right, that goes before their answers about its parts, and can contradict them.
    /// </summary>
    public static IReadOnlyList<CurveSpec> JudgedAsAWhole(AnsweredExperiment experiment, FigureSpec figure)
    {
        HashSet<string> judged =
        [
            .. experiment.Answers.Where(answer => answer.Question == AnsweredRow.AsAWhole).Select(answer => answer.Condition),
        ];
        ILookup<bool, CurveSpec> curves = figure.Curves.ToLookup(curve =>
            curve.Over.Any(of =>
                judged.Contains(of.Condition)
                && of.Rule.Questions.Count > 1
                && of.Rule.SaysTheSameAs(experiment.Spec.Condition(of.Condition).Right)));

        // Where nothing about the parts is shown, nothing can seem contradictory.
        HashSet<string> inParts = [.. curves[false].SelectMany(curve => curve.Over).Select(of => of.Condition)];
        return [.. curves[true].Where(curve => curve.Over.Any(of => inParts.Contains(of.Condition)))];
    }

    private static string SeldomBy(string main, Answer[] asked)
    {
        string[] seldom =
        [
            .. from question in asked.GroupBy(answer => answer.Question)
               let byMain = Prompts(question.Where(answer => answer.Annotator == main))
               let all = Prompts(question)
               where byMain < Seldom * all
               select $"{byMain} of {all} prompts of '{question.Key}'",
        ];
        return seldom.Length > 0 ? $" ({main}: {string.Join(", ", seldom)})" : "";

        static int Prompts(IEnumerable<Answer> answers) => answers.Select(answer => (answer.Condition, answer.Prompt)).Distinct().Count();
    }
}
