using System.Globalization;
using CsvHelper;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Answers;

/// <summary>
/// <c>answers.csv</c> and <c>questions.csv</c>: comma-separated UTF-8 with a header, a line an <see cref="Answer"/>. In
/// <c>questions.csv</c> the columns <c>score</c>, <c>yes</c> and <c>annotator</c> are still empty.
/// </summary>
public static class AnswerTable
{
    private static readonly string[] Needed =
        ["prompt_number", "condition", "prompt", "seed", "layer", "question", "score", "yes", "annotator"];

    private static readonly string[] Columns = [.. Needed, "asked", "image", "image_sha256"];

    private static readonly CsvReaderOptions Strict = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        TrackLineNumbers = true,
    };

    /// <summary>
    /// Reads a table. The columns may stand in any order, and <c>asked</c>, <c>image</c> and <c>image_sha256</c> may be left out;
    /// <c>yes</c> is <c>1</c>, <c>0</c>, <c>yes</c>, <c>no</c> or empty.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The answers in the file's order.</returns>
    /// <exception cref="BadInputException">The file is missing, a column is missing, unknown or twice there, a cell is not what its
    /// column holds, or one annotator answers the same question twice. The message names file and line.</exception>
    public static IReadOnlyList<Answer> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such file; the answers are a table with the columns {string.Join(',', Columns)}");
        }

        try
        {
            using CsvReader csv = CsvReader.FromText(Utf8Text.ReadFile(path), Strict);
            return Read(new AnswerRows(path, csv, Needed, Columns));
        }
        catch (CsvFormatException problem)
        {
            throw new BadInputException($"{path}:{problem.LineNumber}: {problem.Message.ReplaceLineEndings(" ")}", problem);
        }
    }

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answers">The answers, in the order of the lines.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<Answer> answers) => CsvTable.Write(path, Columns, answers.Select(answer => (string[])
    [
        answer.PromptNumber.ToString(CultureInfo.InvariantCulture),
        answer.Condition,
        answer.Prompt,
        answer.Seed.ToString(CultureInfo.InvariantCulture),
        answer.Layer.ToString(CultureInfo.InvariantCulture),
        answer.Question,
        answer.Score?.ToString(CultureInfo.InvariantCulture) ?? "",
        answer.Yes switch { true => "1", false => "0", null => "" },
        answer.Annotator,
        answer.Asked,
        answer.Image,
        answer.ImageSha256,
    ]));

    private static List<Answer> Read(AnswerRows rows)
    {
        List<Answer> answers = [];
        Dictionary<(string, string, int, int, string, string), long> lineOf = [];
        while (rows.Next())
        {
            Answer answer = new(
                rows.Whole("prompt_number"),
                rows.Text("condition"),
                rows.Text("prompt"),
                rows.Whole("seed"),
                rows.Whole("layer"),
                rows.Text("question"),
                rows.Number("score"),
                rows.YesOrNo("yes"),
                rows.Text("annotator"),
                rows.Text("asked"),
                rows.Text("image"),
                rows.Text("image_sha256"));
            var key = (answer.Condition, answer.Prompt, answer.Seed, answer.Layer, answer.Question, answer.Annotator);
            if (!lineOf.TryAdd(key, rows.Line))
            {
                throw rows.Error($"the same annotator answered this question in line {lineOf[key]} already; keep one of the two");
            }

            answers.Add(answer);
        }

        return answers;
    }
}
