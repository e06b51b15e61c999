using System.Globalization;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>Draws the curves of an experiment: <c>figures/NAME.png</c>, <c>.svg</c>, and the <c>.csv</c> they were drawn from.</summary>
public static class FigureDrawing
{
    /// <summary>The folder, in the results folder.</summary>
    public const string Folder = "figures";

    // Of fewer prompts than this share the main annotator's answers are an exception.
    private const double Seldom = 0.25;

    /// <summary>Draws every figure of an experiment.</summary>
    /// <param name="experiment">The experiment that was measured.</param>
    /// <param name="measures">What was measured.</param>
    /// <param name="folder">The results folder.</param>
    /// <exception cref="BadInputException">The folder cannot be written.</exception>
    public static void DrawAll(AnsweredExperiment experiment, MeasureTable measures, string folder)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(measures);
        Func<CurveSpec, CurveStyle> styleOf = CurveStyle.For(experiment.Spec.Figures);
        foreach (FigureSpec figure in experiment.Spec.Figures)
        {
            Curve[] curves = [.. figure.Curves.Select(curve => new Curve(curve.Label, styleOf(curve), measures.Curve(figure.Name, curve.Label)))];
            CurveChart chart = new(figure.Title, Note(experiment, figure, curves), curves, experiment.LastLayer);
            string path = Path.Combine(folder, Folder, figure.Name);
            MeasureTable.Write($"{path}.csv", curves.SelectMany(curve => curve.Points));
            FigureFiles.Write(path, CurveChart.Width, chart.Height, figure.Title, chart.Draw);
        }
    }

    private static string Note(AnsweredExperiment experiment, FigureSpec figure, Curve[] curves)
    {
        string model = experiment.Model.Length > 0 ? $"{experiment.Model}. " : "";
        string rows = figure.Rows == RowChoice.All ? "All rows" : "Rows right in the last layer";
        string bars = experiment.Seeds.Count > 1 ? $"; bars: s.d. over {experiment.Seeds.Count} seeds" : "";
        int[] counts = [.. curves.Select(curve => curve.RowCount).Distinct()];
        string count = counts is [int same] ? string.Create(CultureInfo.InvariantCulture, $" (n = {same})") : "";
        return $"{model}{rows}{count}{bars}; bands: 95\u00A0% over prompts{Annotators(experiment, figure)}{Whole(experiment, figure)}";
    }

    // Where people said of an image as a whole whether it is right, that goes before their answers about its parts, and can contradict them.
    private static string Whole(AnsweredExperiment experiment, FigureSpec figure)
    {
        HashSet<string> judged = [.. experiment.Answers.Where(answer => answer.Question == AnsweredRow.AsAWhole).Select(answer => answer.Condition)];
        ILookup<bool, CurveSpec> curves = figure.Curves.ToLookup(curve => curve.Over.Any(of => judged.Contains(of.Condition)
            && of.Rule.Questions.Count > 1 && of.Rule.SaysTheSameAs(experiment.Spec.Condition(of.Condition).Right)));

        // Where nothing about the parts is shown, nothing can seem contradictory.
        HashSet<string> inParts = [.. curves[false].SelectMany(curve => curve.Over).Select(of => of.Condition)];
        string[] labels = [.. curves[true].Where(curve => curve.Over.Any(of => inParts.Contains(of.Condition))).Select(curve => curve.Label)];
        return labels.Length > 0 ? $"; {string.Join(", ", labels)}: of the image as a whole, where that was asked" : "";
    }

    // Says who answered where there are several, and which questions the main one seldom did.
    private static string Annotators(AnsweredExperiment experiment, FigureSpec figure)
    {
        HashSet<string> conditions = [.. figure.Curves.SelectMany(curve => curve.Over).Select(of => of.Condition)];
        HashSet<string> questions = [.. figure.Curves.SelectMany(curve => curve.Over).SelectMany(of => of.Rule.Questions)];
        Answer[] asked = [.. experiment.Answers.Where(answer => conditions.Contains(answer.Condition) && questions.Contains(answer.Question))];
        string[] annotators = [.. asked.Select(answer => answer.Annotator).Distinct()];
        if (annotators.Length < 2)
        {
            return "";
        }

        if (!figure.AllAnnotators)
        {
            return $"; answers: {annotators[0]}";
        }

        string[] seldomByMain =
        [
            .. from question in asked.GroupBy(answer => answer.Question)
               let byMain = Prompts(question.Where(answer => answer.Annotator == annotators[0]))
               let all = Prompts(question)
               where byMain < Seldom * all
               select $"{byMain} of {all} prompts of '{question.Key}'",
        ];
        return $"; answers: {string.Join(", else ", annotators)}"
            + (seldomByMain.Length > 0 ? $" ({annotators[0]}: {string.Join(", ", seldomByMain)})" : "");

        static int Prompts(IEnumerable<Answer> answers) => answers.Select(answer => (answer.Condition, answer.Prompt)).Distinct().Count();
    }
}
