using System.Globalization;
using Experiments.Measures;
using Experiments.Specs;

namespace Experiments.Tables;

/// <summary>Shares beside what they are once corrected for annotators' errors.</summary>
internal static class CorrectionTable
{
    public const string Name = TableSpec.Corrected;

    /// <summary>Every point that was corrected; null where none was.</summary>
    public static TableSheet? Of(MeasureTable measures) => measures.Points.Any(point => point.Corrected is not null)
        ? new TableSheet(
            Name,
            "Shares, corrected for the errors of who answered",
            "By Rogan and Gladen's estimate from the sensitivity and specificity that 'calibrate' measured, with 95 % intervals that hold "
                + "what is not known of these. Only shares of one annotator's answers to one kind of question can be corrected, and not "
                + "those in the last layer of rows that were chosen by it.",
            ["Figure", "Curve", "Layer", "n", "As answered", "Corrected", "Answers by"],
            [
                .. from point in measures.Points
                   let corrected = point.Corrected
                   where corrected is not null
                   select (IReadOnlyList<string>)
                   [
                       point.Figure.Length > 0 ? point.Figure : "–",
                       point.Figure.Length > 0 ? point.Curve : $"{point.Condition}: {point.Curve}",
                       point.Layer.ToString(CultureInfo.InvariantCulture),
                       point.RowCount.ToString(CultureInfo.InvariantCulture),
                       ShareText.Of(point.Mean!.Value, point.Interval),
                       ShareText.Of(corrected.Share, corrected.Interval),
                       corrected.Annotator,
                   ],
            ])
        : null;
}
