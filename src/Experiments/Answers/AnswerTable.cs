using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using DiffusionLens;
using Experiments.Files;
using Experiments.Images;

namespace Experiments.Answers;

/// <summary>
/// <c>answers.csv</c>, <c>answers.superseded.csv</c> and <c>questions.csv</c>: comma-separated UTF-8 with a header, a line an
/// <see cref="Answer"/>. In <c>questions.csv</c> the columns <c>score</c>, <c>yes</c>, <c>annotator</c> and <c>answered</c> are still
/// empty.
/// </summary>
internal static partial class AnswerTable
{
    private static readonly string[] Needed =
        ["prompt_number", "condition", "prompt", "seed", "layer", "question", "score", "yes", "annotator"];

    // Each with the name that it had in the first version.
    private static readonly Dictionary<string, string?> Columns = new()
    {
        ["prompt_number"] = null,
        ["condition"] = null,
        ["prompt"] = null,
        ["seed"] = null,
        ["layer"] = null,
        ["site"] = null,
        ["question"] = null,
        ["score"] = null,
        ["yes"] = null,
        ["annotator"] = null,
        ["asked"] = null,
        ["image"] = "picture",
        ["image_sha256"] = "picture_sha256",
        ["cut_off"] = null,
        ["answered"] = null,
    };

    /// <summary>
    /// Reads a table, also as a spreadsheet saved it. The columns may stand in any order, and <c>site</c>, <c>asked</c>, <c>image</c>,
    /// <c>image_sha256</c>, <c>cut_off</c> and <c>answered</c> may be left out; <c>yes</c> is <c>1</c>, <c>0</c>, <c>yes</c>, <c>no</c>,
    /// <c>true</c>, <c>false</c> or empty. Where a line is there twice, once answered and once empty, the answered one is read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The lines in the file's order.</returns>
    /// <exception cref="BadInputException">The file is missing, a column is missing, unknown or twice there, a cell is not what its
    /// column holds, or one annotator answers the same question about the same pixels in two ways. The message names file and
    /// line.</exception>
    public static IReadOnlyList<AnswerLine> ReadLines(string path) => Lines(path, takesBoth: false);

    /// <summary>
    /// What was set aside, in the order in which it was; nothing where there is no such file. One annotator may have said yes and, at
    /// another time, no about the same pixels.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">As <see cref="ReadLines"/>, but for a missing file and for two ways.</exception>
    public static IReadOnlyList<Answer> ReadSuperseded(string path) =>
        File.Exists(path) ? [.. Lines(path, takesBoth: true).Select(line => line.Answer)] : [];

    /// <summary>The answers of a table; none where there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">As <see cref="ReadLines"/>, but for a missing file.</exception>
    public static IReadOnlyList<Answer> ReadIfThere(string path) => File.Exists(path) ? Read(path) : [];

    /// <summary>The answers of a table.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">As <see cref="ReadLines"/>.</exception>
    public static IReadOnlyList<Answer> Read(string path) => [.. ReadLines(path).Select(line => line.Answer)];

    /// <summary>Writes a table, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="answers">The answers, in the order of the lines.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<Answer> answers) =>
        CsvTable.Write(
            path,
            [.. Columns.Keys],
            answers.Select(answer =>
                (string[])
                    [
                        answer.PromptNumber.ToString(CultureInfo.InvariantCulture),
                        answer.Condition,
                        answer.Prompt,
                        answer.Seed.ToString(CultureInfo.InvariantCulture),
                        answer.Layer.ToString(CultureInfo.InvariantCulture),
                        answer.Site,
                        answer.Question,
                        answer.Score?.ToString(CultureInfo.InvariantCulture) ?? "",
                        answer.Yes switch
                        {
                            true => "1",
                            false => "0",
                            null => "",
                        },
                        answer.Annotator,
                        answer.Asked,
                        answer.Image,
                        answer.ImageHash,
                        answer.CutOff,
                        AnswerTime.Text(answer.Answered),
                    ]));

    /// <summary>Whether a hash is one of the first version, which is of a file's bytes.</summary>
    public static bool IsFileHash(string hash) => FileHashPattern().IsMatch(hash);

    private static List<AnswerLine> Lines(string path, bool takesBoth)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException(
                $"{path}: there is no such file; the answers are a table with the columns {string.Join(',', Columns.Keys)}");
        }

        using SpreadsheetText source = SpreadsheetText.Open(path);
        try
        {
            using CsvReader csv = CsvReader.Create(source.Utf8, new CsvReaderOptions
            {
                Separator = source.Separator,
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Allow,
                TrackLineNumbers = true,
                PoolStrings = true,
            });
            return Read(new AnswerRows(path, csv, source, Needed, Columns), takesBoth);
        }
        catch (CsvFormatException problem)
        {
            throw new BadInputException(
                $"{path}:{problem.LineNumber + source.LinesBefore}: {problem.Message.ReplaceLineEndings(" ")}",
                problem);
        }
    }

    private static List<AnswerLine> Read(AnswerRows rows, bool takesBoth)
    {
        List<AnswerLine> answers = [];
        HashSet<int> places = new(new SameAnswers(answers, takesBoth));
        Answer? before = null;
        while (rows.Next())
        {
            Answer answer = new()
            {
                PromptNumber = rows.Whole("prompt_number"),
                Condition = rows.Text("condition"),
                Prompt = rows.Text("prompt"),
                Seed = rows.Seed("seed"),
                Layer = rows.Whole("layer"),
                Site = rows.Text("site"),
                Question = rows.Text("question"),
                Score = rows.Number("score"),
                Yes = rows.YesOrNo("yes"),
                Annotator = rows.Text("annotator"),
                Asked = rows.Text("asked"),
                Image = Shared(rows.Text("image"), before?.Image),
                ImageHash = Shared(
                    rows.Form(
                        "image_sha256",
                        hash => PixelHash.IsOne(hash) || IsFileHash(hash),
                        "px- and 16 digits and letters a to f, which a spreadsheet can spoil; "
                            + "put back what stood there, or empty the cell if the image is still the same"),
                    before?.ImageHash),
                CutOff = rows.Text("cut_off"),
                Answered = rows.Time("answered"),
            };
            answers.Add(new AnswerLine(rows.Line, answer));
            before = answer;
            if (places.Add(answers.Count - 1))
            {
                continue;
            }

            // What says the same twice, as when lines were copied from one table to the other, says it once.
            places.TryGetValue(answers.Count - 1, out int place);
            AnswerLine first = answers[place];
            if (first.Answer.Yes is { } said && answer.Yes is { } now && said != now)
            {
                throw rows.Error(
                    $"the same annotator answered this question in line {first.Line} already, and otherwise; keep one of the two");
            }

            // Of a line that is answered in one of two halves and still open in the other, the answered one counts.
            if (first.Answer.Yes is null)
            {
                answers[place] = answers[^1];
            }

            answers.RemoveAt(answers.Count - 1);
        }

        return answers;
    }

    // Questions about an image stand together: of a million answers' strings most are those of the line before.
    private static string Shared(string text, string? before) => text == before ? before : text;

    // Places in a list that hold one annotator's answers to one question about the same pixels: a set of them is small, whatever is there.
    private sealed class SameAnswers(List<AnswerLine> answers, bool takesBoth) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => Of(x) == Of(y);

        public int GetHashCode(int place) => Of(place).GetHashCode();

        private (AnswerKey Key, string Annotator, string ImageHash, bool? Yes) Of(int place)
        {
            Answer answer = answers[place].Answer;
            return (answer.Key, answer.Annotator, answer.ImageHash, takesBoth ? answer.Yes : null);
        }
    }

    [GeneratedRegex(@"^[0-9a-fA-F]{16}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileHashPattern();
}

/// <summary>An answer with the line that it stands in.</summary>
/// <param name="Line">The line, from 1.</param>
internal sealed record AnswerLine(long Line, Answer Answer);
