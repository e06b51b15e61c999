using System.Globalization;
using System.Text;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Plans;

/// <summary>
/// Reads CoNLL-U (https://universaldependencies.org/format.html), as Stanza, UDPipe and spaCy's converters write it: ten columns with tabs
/// between them, an empty line after each sentence. A token that stands for several words (<c>2-3</c>) is what was written in their place;
/// empty nodes are passed over.
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
        List<ParsedWord> words = [];
        StringBuilder written = new();
        int writtenTo = 0;
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
                if (cells[Id].Split('-') is [string first, string last])
                {
                    writtenTo = Whole(last, "ID", name, number);
                    written.Append(Written(cells));
                    if (Whole(first, "ID", name, number) > writtenTo)
                    {
                        throw new BadInputException(
                            $"{name}:{number}: '{cells[Id]}' in the column ID ends before it begins; write it rising");
                    }
                }
                else if (!cells[Id].Contains('.', StringComparison.Ordinal))
                {
                    ParsedWord word = new(
                        Whole(cells[Id], "ID", name, number),
                        cells[Form].ToLowerInvariant(),
                        cells[Upos],
                        Whole(cells[Head], "HEAD", name, number));
                    words.Add(word);
                    written.Append(word.Id > writtenTo ? Written(cells) : "");
                }
            }
            else if (words.Count > 0)
            {
                yield return new ParsedSentence(text ?? written.ToString().Trim(), [.. words]);
                words.Clear();
                written.Clear();
                writtenTo = 0;
                text = null;
            }
        }
    }

    private static string Written(string[] cells) => cells[Form] + (cells[Misc].Split('|').Contains("SpaceAfter=No") ? "" : " ");

    private static int Whole(string cell, string column, string name, int line) =>
        int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new BadInputException(
                $"{name}:{line}: '{cell}' in the column {column}, which holds a whole number; write a parse for every word");

    private static BadInputException NotParsed(string name, int line, string text, int cells) =>
        new($"{name}:{line}: " + (
            cells > 1 ? $"{cells} columns; CoNLL-U has {Columns}, with tabs between them"
            : HasSpacesForTabs(text)
                ? $"spaces where tabs should be; CoNLL-U has a tab between its {Columns} columns (an editor may have changed them)"
            : $"\"{(text.Length > 60 ? text[..60] + "..." : text)}\" is a plain caption, and its syntax is asked about; parse them: "
                + $"udpipe --tokenizer=presegmented --tag --parse english-ewt.udpipe {name} > {Parsed(name)}"));

    private static bool HasSpacesForTabs(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: Columns } cells
        && char.IsAsciiDigit(cells[Id][0])
        && (cells[Head] == "_" || cells[Head].All(char.IsAsciiDigit));

    // Never the file itself, which the shell would empty first.
    private static string Parsed(string name) =>
        Path.ChangeExtension(name, ".conllu") is string parsed && parsed != name ? parsed : Path.ChangeExtension(name, ".parsed.conllu");
}
