using System.Globalization;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Plans;

/// <summary>
/// Reads CoNLL-U (https://universaldependencies.org/format.html), as Stanza, UDPipe and spaCy's converters write it: ten columns with tabs
/// between them, an empty line after each sentence. The lines of tokens that stand for several words and of empty nodes are passed over.
/// </summary>
internal static class ConlluReader
{
    private const int Columns = 10, Id = 0, Form = 1, Upos = 3, Head = 6, Misc = 9;

    /// <exception cref="BadInputException">It cannot be read, or is no CoNLL-U; of plain captions it says how to parse them.</exception>
    public static IReadOnlyList<ParsedSentence> ReadFile(string path) =>
        [.. Read(Utf8Text.ReadFile(path).ReplaceLineEndings("\n").Split('\n'), path)];

    /// <summary>Reads lines.</summary>
    /// <param name="name">Where they are from, for messages.</param>
    /// <exception cref="BadInputException">They are no CoNLL-U.</exception>
    public static IEnumerable<ParsedSentence> Read(IEnumerable<string> lines, string name)
    {
        const string TextComment = "# text = ";
        string? text = null;
        List<(ParsedWord Word, bool SpaceAfter, string Written)> words = [];
        int number = 0;
        foreach (string line in lines.Append(""))
        {
            number++;
            if (line.StartsWith('#'))
            {
                text = line.StartsWith(TextComment, StringComparison.Ordinal) ? line[TextComment.Length..].Trim() : text;
            }
            else if (line.Trim().Length > 0)
            {
                string[] cells = line.Split('\t');
                if (cells.Length != Columns)
                {
                    throw NotParsed(name, number, line, cells.Length);
                }
                if (!cells[Id].Contains('-', StringComparison.Ordinal) && !cells[Id].Contains('.', StringComparison.Ordinal))
                {
                    ParsedWord word = new(
                        Whole(cells[Id], "ID", name, number),
                        cells[Form].ToLowerInvariant(),
                        cells[Upos],
                        Whole(cells[Head], "HEAD", name, number));
                    words.Add((word, !cells[Misc].Contains("SpaceAfter=No", StringComparison.Ordinal), cells[Form]));
                }
            }
            else if (words.Count > 0)
            {
                yield return new ParsedSentence(
                    text ?? string.Concat(words.Select(word => word.Written + (word.SpaceAfter ? " " : ""))).Trim(),
                    [.. words.Select(word => word.Word)]);
                words.Clear();
                text = null;
            }
        }
    }

    private static int Whole(string cell, string column, string name, int line) =>
        int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new BadInputException(
                $"{name}:{line}: '{cell}' in the column {column}, which holds a whole number; write a parse for every word");

    private static BadInputException NotParsed(string name, int line, string text, int cells) =>
        new(
            cells == 1
                ? $"{name}:{line}: \"{(text.Length > 60 ? text[..60] + "..." : text)}\" is a plain caption, "
                    + "and its syntax is asked about; parse them: "
                    + $"udpipe --tokenizer=presegmented --tag --parse english-ewt.udpipe {name} > {Path.ChangeExtension(name, ".conllu")}"
                : $"{name}:{line}: {cells} columns; CoNLL-U has {Columns}, with tabs between them");
}
