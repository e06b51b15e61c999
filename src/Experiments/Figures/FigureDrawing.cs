using System.Globalization;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Figures;

/// <summary>Draws the figures of an experiment: <c>figures/NAME.png</c>, <c>.svg</c>, and the <c>.csv</c> they were drawn from.</summary>
internal static class FigureDrawing
{
    /// <summary>Draws every figure of an experiment.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="measures">What was measured.</param>
    /// <param name="model">The model's name, for the notes.</param>
    /// <param name="lastLayer">L.</param>
    /// <exception cref="BadInputException">The folder cannot be written, a figure is of no kind there is, or it was measured of other
    /// rows.</exception>
    public static void DrawAll(Spec spec, MeasureTable measures, string model, int lastLayer, ResultsFolder folder)
    {
        Func<CurveSpec, CurveStyle> styleOf = CurveStyle.For(spec.Figures);
        foreach (FigureSpec figure in spec.Figures)
        {
            Curve[] curves =
            [
                .. figure.Curves.Select(curve => new Curve(curve.Label, styleOf(curve), measures.Curve(figure.Name, curve.Label))
                {
                    Representative = curve.Representative,
                }),
            ];
            if (curves.All(curve => curve.Points.Count == 0))
            {
                throw new BadInputException(
                    $"{folder.Measures}: has no point of the figure '{figure.Name}'; --only measures writes the table anew");
            }

            if (curves.SelectMany(curve => curve.Points).Any(point => point.Rows != figure.Rows))
            {
                throw new BadInputException(
                    $"{folder.Measures}: has the figure '{figure.Name}' of other rows than the spec; "
                        + "--only measures writes the table anew");
            }

            IFigureKind kind = FigureKinds.Of(figure);
            FigureContent content = new(figure, curves, lastLayer);
            Chart chart = kind.Chart(content, Note(model, content, kind));
            MeasureTable.Write(folder.Figure(figure.Name, "csv"), curves.SelectMany(curve => curve.Points));
            FigureFiles.Write(chart, figure.Name, figure.Title, folder);
        }
    }

    /// <summary>The small print: what is counted, by whom, and what its signs mean.</summary>
    /// <param name="model">The model's name, or empty.</param>
    internal static string Note(string model, FigureContent content, IFigureKind kind)
    {
        IReadOnlyList<Curve> curves = content.Curves;
        Curve[] shown = [.. kind.Shown(content)];
        string whose = model.Length > 0 ? $"{model}. " : "";
        string rows = (content.CountsPrompts, content.Figure.Rows) switch
        {
            (true, RowChoice.All) => "All prompts",
            (true, _) => "Prompts, by their rows right in the last layer",
            (false, RowChoice.All) => "All rows",
            _ => "Rows right in the last layer",
        };
        int[] counts = [.. shown.Select(curve => curve.RowCount).Distinct()];
        string count = counts is [int same] ? string.Create(CultureInfo.InvariantCulture, $" (n = {same})") : "";
        string[] empty = [.. curves.Except(shown).Select(curve => curve.Label)];
        string none = empty.Length > 0 ? $"; no {content.Counted}: {string.Join(", ", empty)}" : "";
        string answersBy = curves.SelectMany(curve => curve.Points).First().AnswersBy,
            answers = answersBy.Length > 0 ? $"; answers: {answersBy}" : "";
        string[] asAWhole = [.. curves.Where(curve => curve.Points.Any(point => point.AsAWhole)).Select(curve => curve.Label)];
        string whole = asAWhole.Length > 0 ? $"; {string.Join(", ", asAWhole)}: of the image as a whole, where that was asked" : "";
        return $"{whose}{rows}{count}{kind.Uncertainty(content)}{none}{answers}{whole}{Corrected(curves, kind)}";
    }

    private static string Corrected(IReadOnlyList<Curve> curves, IFigureKind kind)
    {
        string[] whose =
            [.. curves.SelectMany(curve => curve.Points).Select(point => point.Corrected?.Annotator).OfType<string>().Distinct()];
        return whose.Length > 0 && kind.Corrected is { } how
            ? $"; {how}: corrected for the errors of {string.Join(", ", whose.Select(AnnotatorName.Plain))} (Rogan-Gladen)"
            : "";
    }
}
