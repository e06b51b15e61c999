using Experiments.Answers;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Tables;

/// <summary>
/// <c>answers.parquet</c> and <c>measures.parquet</c>: what the tables of a results folder hold, with types, for those who analyze in
/// Python, R or DuckDB.
/// </summary>
internal static class ParquetTables
{
    private static readonly IReadOnlyList<ParquetColumn<Answer>> Answers =
    [
        ParquetColumn<Answer>.Values("prompt_number", answer => answer.PromptNumber),
        ParquetColumn<Answer>.Text("condition", answer => answer.Condition),
        ParquetColumn<Answer>.Text("prompt", answer => answer.Prompt),
        ParquetColumn<Answer>.Values("seed", answer => answer.Seed),
        ParquetColumn<Answer>.Values("layer", answer => answer.Layer),
        ParquetColumn<Answer>.Text("site", answer => answer.Site),
        ParquetColumn<Answer>.Text("question", answer => answer.Question),
        ParquetColumn<Answer>.Optional("score", answer => answer.Score),
        ParquetColumn<Answer>.Optional("yes", answer => answer.Yes),
        ParquetColumn<Answer>.Text("annotator", answer => answer.Annotator),
        ParquetColumn<Answer>.Text("asked", answer => answer.Asked),
        ParquetColumn<Answer>.Text("image", answer => answer.Image),
        ParquetColumn<Answer>.Text("image_sha256", answer => answer.ImageHash),
        ParquetColumn<Answer>.Text("cut_off", answer => answer.CutOff),
        ParquetColumn<Answer>.Optional("answered", answer => answer.Answered?.UtcDateTime),
    ];

    private static readonly IReadOnlyList<ParquetColumn<MeasurePoint>> Measures =
    [
        ParquetColumn<MeasurePoint>.Text("figure", point => point.Figure),
        ParquetColumn<MeasurePoint>.Text("curve", point => point.Curve),
        ParquetColumn<MeasurePoint>.Text("condition", point => point.Condition),
        ParquetColumn<MeasurePoint>.Text("rows", point => point.Rows == RowChoice.All ? MeasureTable.AllRows : MeasureTable.RightRows),
        ParquetColumn<MeasurePoint>.Text("site", point => point.Site),
        ParquetColumn<MeasurePoint>.Values("layer", point => point.Layer),
        ParquetColumn<MeasurePoint>.Optional("mean", point => point.Mean),
        ParquetColumn<MeasurePoint>.Optional("sd_over_seeds", point => point.Spread),
        ParquetColumn<MeasurePoint>.Optional("low_95", point => point.Interval?.Low),
        ParquetColumn<MeasurePoint>.Optional("high_95", point => point.Interval?.High),
        ParquetColumn<MeasurePoint>.Values("n", point => point.RowCount),
        ParquetColumn<MeasurePoint>.Values("seeds", point => point.Seeds),
        ParquetColumn<MeasurePoint>.Text("answers_by", point => point.AnswersBy),
        ParquetColumn<MeasurePoint>.Values("as_a_whole", point => point.AsAWhole),
    ];

    // As in the table: only where shares were corrected.
    private static readonly IReadOnlyList<ParquetColumn<MeasurePoint>> Corrected =
    [
        ParquetColumn<MeasurePoint>.Optional("corrected", point => point.Corrected?.Share),
        ParquetColumn<MeasurePoint>.Optional("corrected_low_95", point => point.Corrected?.Interval.Low),
        ParquetColumn<MeasurePoint>.Optional("corrected_high_95", point => point.Corrected?.Interval.High),
        ParquetColumn<MeasurePoint>.Text("corrected_for", point => point.Corrected?.Annotator ?? ""),
    ];

    /// <summary>Writes both into a folder, each whole or not at all.</summary>
    /// <param name="folder">The results, with answers and measures.</param>
    /// <param name="target">The folder to write into.</param>
    /// <returns>The files with their numbers of lines.</returns>
    /// <exception cref="DiffusionLens.BadInputException">A table is missing or damaged, or a file cannot be written.</exception>
    public static IReadOnlyList<(string Path, int Lines)> Write(ResultsFolder folder, string target)
    {
        IReadOnlyList<MeasurePoint> points = MeasureTable.Read(folder.Measures).Points;
        return [WriteAnswers(target, AnswerTable.Read(folder.Answers)), WriteMeasures(target, points)];
    }

    /// <summary>Writes <c>answers.parquet</c>, whole or not at all.</summary>
    /// <param name="target">The folder to write into.</param>
    /// <returns>The file with its number of lines.</returns>
    public static (string Path, int Lines) WriteAnswers(string target, IReadOnlyList<Answer> answers) =>
        ParquetFile.Write(Path.Combine(target, "answers.parquet"), Answers, answers);

    /// <summary>Writes <c>measures.parquet</c>, whole or not at all; with columns for corrected shares where there are such.</summary>
    /// <param name="target">The folder to write into.</param>
    /// <returns>The file with its number of lines.</returns>
    public static (string Path, int Lines) WriteMeasures(string target, IReadOnlyList<MeasurePoint> points)
    {
        bool isCorrected = points.Any(point => point.Corrected is not null);
        return ParquetFile.Write(Path.Combine(target, "measures.parquet"), [.. Measures, .. isCorrected ? Corrected : []], points);
    }
}
