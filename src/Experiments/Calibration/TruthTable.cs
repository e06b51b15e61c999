using CsvHelper;
using DiffusionLens;
using DiffusionLens.Runtime;
using Experiments.Files;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Calibration;

/// <summary>
/// Images with known truth, as a table says it: a line a statement (<c>image,thing,color,relation,to,any,class,gender,truth</c>), or, as
/// the program writes it that renders scenes of the small world, a line an image and a column each question there is.
/// </summary>
internal static class TruthTable
{
    /// <summary>Where it lies beside the images unless another is named.</summary>
    public const string FileName = "truth.csv";

    private const string Image = "image", Picture = "picture", Truth = "truth";

    private static readonly string[] StatementColumns = ["thing", "color", "relation", "to", "any", "class", "gender", "trade"];

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">Where the images lie.</param>
    /// <param name="lexicon">The words of the questions.</param>
    /// <returns>The images in the table's order, each with the statements that are asked about it.</returns>
    /// <exception cref="BadInputException">It cannot be read, or names no image that is there; the message names file and line.</exception>
    public static IReadOnlyList<LabeledImage> Read(string path, string folder, Lexicon lexicon)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException(
                $"{path}: there is no such file; it says what is true of the images: "
                    + $"{Image},{string.Join(',', StatementColumns)},{Truth}, a line a statement");
        }

        IReadOnlyList<LabeledImage> images = CsvTable.Read(path, csv => csv.Headers.Contains(Truth)
            ? (IReadOnlyList<LabeledImage>)OfStatements(path, csv, folder)
            : OfScenes(path, csv, folder, lexicon));
        return images.Count > 0 ? images : throw new BadInputException($"{path}: says nothing of any image");
    }

    private static LabeledImage[] OfStatements(string path, CsvReader csv, string folder)
    {
        string[] known = [Image, Picture, Truth, .. StatementColumns];
        if (csv.Headers.FirstOrDefault(heading => !known.Contains(heading)) is string other)
        {
            throw new SourceLocation(path, 1, 1).Unknown(other, "column", known);
        }

        List<(string File, LabeledStatement Statement)> lines = [];
        while (csv.Read())
        {
            string Cell(string column) => csv.TryGetFieldIndex(column, out int place) ? csv.GetString(place).Trim() : "";
            BadInputException Error(string what) => new($"{path}:{csv.LineNumber}: {what}");

            lines.Add((
                Found(folder, Cell(Image).Length > 0 ? Cell(Image) : Cell(Picture), Error),
                new LabeledStatement(
                    QuestionOf(Cell, Error),
                    YesOrNo(Cell(Truth)) ?? throw Error($"'{Cell(Truth)}' in column '{Truth}'; it takes yes, no, 1 or 0"))));
        }

        return
        [
            .. lines.GroupBy(line => line.File, line => line.Statement).Select(image => new LabeledImage(
                image.Key,
                [
                    .. image.GroupBy(statement => statement.Question).Select(same =>
                        same.Select(statement => statement.IsTrue).Distinct().Count() == 1
                            ? same.First()
                            : throw new BadInputException(
                                $"{path}: {System.IO.Path.GetFileName(image.Key)}: '{Questions.Name(same.Key)}' is true and false")),
                ])),
        ];
    }

    private static Question QuestionOf(Func<string, string> cell, Func<string, BadInputException> error)
    {
        string thing = cell("thing"), color = cell("color"), relation = cell("relation"), to = cell("to");
        return (cell("any"), cell("class"), cell("gender"), cell("trade")) switch
        {
            ("animal", _, _, _) => new Question.AnimalPresent(),
            ("person", _, _, _) => new Question.PersonPresent(),
            ({ Length: > 0 } any, _, _, _) => throw error($"'{any}' in column 'any'; it takes animal or person"),
            (_, { Length: > 0 } name, _, _) => new Question.AnimalOfClass(name),
            (_, _, { Length: > 0 } gender, _) => new Question.PersonOfGender(gender),
            (_, _, _, { Length: > 0 } trade) => new Question.PersonOfTrade(trade),
            _ when relation == "any" && thing.Length > 0 && to.Length > 0 => new Question.Together(thing, to),
            _ when relation.Length > 0 && thing.Length > 0 && to.Length > 0 => new Question.Related(thing, relation, to),
            _ when relation.Length > 0 || to.Length > 0 => throw error("a relation is of one thing to another: thing, relation and to"),
            _ when thing.Length > 0 && color.Length > 0 => new Question.ThingInColor(thing, color),
            _ when thing.Length > 0 => new Question.ThingPresent(thing),
            _ when color.Length > 0 => new Question.ColorPresent(color),
            _ => throw error($"says nothing; fill in one of {string.Join(", ", StatementColumns)}"),
        };
    }

    private static List<LabeledImage> OfScenes(string path, CsvReader csv, string folder, Lexicon lexicon)
    {
        Dictionary<string, Question> questions = Questions.AllOf(lexicon).DistinctBy(Questions.Name).ToDictionary(Questions.Name);
        if (csv.Headers.FirstOrDefault(heading => heading is not (Image or Picture) && !questions.ContainsKey(heading)) is string unknown)
        {
            throw new BadInputException(
                $"{path}:1: there is no column '{Truth}', as a table of statements has it, and '{unknown}' is no question about images of "
                    + $"the lexicon '{lexicon.Name}'");
        }

        if (!csv.Headers.Any(heading => heading is Image or Picture))
        {
            throw new BadInputException($"{path}:1: there is no column '{Image}', which names the files");
        }

        List<LabeledImage> images = [];
        while (csv.Read())
        {
            BadInputException Error(string what) => new($"{path}:{csv.LineNumber}: {what}");
            string file = "";
            List<LabeledStatement> statements = [];
            for (int i = 0; i < csv.Headers.Count; i++)
            {
                if (csv.Headers[i] is Image or Picture)
                {
                    file = Found(folder, csv.GetString(i), Error);
                }
                else if (YesOrNo(csv.GetString(i)) is bool truth)
                {
                    statements.Add(new LabeledStatement(questions[csv.Headers[i]], truth));
                }
            }

            images.Add(new LabeledImage(file, Chosen(statements, (ulong)images.Count)));
        }

        return images;
    }

    // Of thousands of questions nearly all are wrong of an image. All that are true are asked, and of each kind two that are false: one
    // that has a word of what is there, where there is one, and any.
    private static LabeledStatement[] Chosen(List<LabeledStatement> statements, ulong number)
    {
        SplitMix64 random = new(SplitMix64.Mix(number));
        HashSet<string> there = [.. statements.Where(statement => statement.IsTrue).SelectMany(one => StatementWords.Of(one.Question))];
        return
        [
            .. statements.Where(statement => statement.IsTrue),
            .. statements.Where(statement => !statement.IsTrue).GroupBy(statement => QuestionKind.Of(statement.Question))
                .SelectMany(kind =>
                {
                    LabeledStatement[] all = [.. kind];
                    LabeledStatement[] near = [.. all.Where(one => StatementWords.Of(one.Question).Any(there.Contains))];
                    return new[] { Any(near.Length > 0 ? near : all), Any(all) }.Distinct();
                }),
        ];

        LabeledStatement Any(LabeledStatement[] some) => some[random.Whole(0, some.Length - 1)];
    }

    private static string Found(string folder, string name, Func<string, BadInputException> error)
    {
        string path = System.IO.Path.Combine(folder, name);
        return name.Length > 0 && File.Exists(path) ? path : throw error($"there is no image '{name}' in {folder}");
    }

    private static bool? YesOrNo(string text) => text.Trim().ToLowerInvariant() switch
    {
        "yes" or "true" or "1" or "y" => true,
        "no" or "false" or "0" or "n" => false,
        _ => null,
    };
}
