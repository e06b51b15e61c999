using System.Globalization;
using Experiments.Measures;
using Experiments.Specs;
using Lens;

namespace Experiments.Figures;

/// <summary>Draws the curves of an experiment: <c>figures/NAME.png</c>, <c>.svg</c>, and the <c>.csv</c> they were drawn from.</summary>
public static class FigureDrawing
{
    /// <summary>The folder, in the results folder.</summary>
    public const string Folder = "figures";

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
        string[] annotators = [.. experiment.Answers.Select(answer => answer.Annotator).Distinct()];
        string answers = annotators.Length < 2 ? ""
            : figure.AllAnnotators ? $"; answers: {string.Join(", else ", annotators)}"
            : $"; answers: {annotators[0]}";
        return $"{model}{rows}{count}{bars}; bands: 95 % over prompts{answers}";
    }
}
