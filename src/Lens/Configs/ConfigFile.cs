using System.Text;
using System.Text.Json;

namespace DiffusionLens.Configs;

/// <summary>The JSON files of a model folder, as Python's json module writes them.</summary>
internal static class ConfigFile
{
    /// <summary>The largest that is read: several times the largest tokenizer that is published.</summary>
    internal const long LargestBytes = 256 << 20;

    private static readonly string[] BareNumbers = ["NaN", "Infinity", "-Infinity"];

    private static readonly JsonDocumentOptions EachKeyOnce = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Reads a file that must hold one JSON object. Python's bare <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which are not JSON
    /// (scheduler configs hold them), come as strings of that spelling.
    /// </summary>
    /// <exception cref="BadInputException">
    /// The file cannot be read, is not JSON, holds something other than an object, or one object in it has a key twice.
    /// </exception>
    internal static JsonElement ReadObject(string path) => ParseObject(InputFile.ReadText(path, LargestBytes), path);

    /// <summary>The same of a file's text.</summary>
    /// <param name="content">The text.</param>
    /// <param name="path">What the file is called in errors.</param>
    /// <exception cref="BadInputException">It is not JSON, holds something other than an object, or has a key twice.</exception>
    internal static JsonElement ParseObject(string content, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutBareNumbers(content, path), EachKeyOnce);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new BadInputException($"{path}: holds no JSON object, but {document.RootElement.ValueKind}");
        }
        catch (JsonException failure)
        {
            string place = failure.LineNumber is { } line ? $"{path}:{line + 1}:{failure.BytePositionInLine + 1}" : path;
            throw new BadInputException($"{place}: is not JSON ({OneLine(failure.Message)})", failure);
        }
    }

    /// <summary>A text in one line, and not longer than a message can be.</summary>
    internal static string OneLine(string text)
    {
        const int Longest = 200;
        string line = string.Concat(text.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter));
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    /// <summary>
    /// The text with such numbers in quotes; each letter is looked at once. Halves of surrogate pairs are found here too, since
    /// System.Text.Json takes them and then fails where the string is read.
    /// </summary>
    private static string WithoutBareNumbers(string content, string path)
    {
        StringBuilder? written = null;
        int copied = 0;
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] == '"')
            {
                i = EndOfString(content, i, path);
            }
            else if (content[i] is 'N' or 'I' or '-'
                && Array.Find(BareNumbers, number => string.CompareOrdinal(content, i, number, 0, number.Length) == 0) is { } bare)
            {
                written = (written ?? new StringBuilder(content.Length + 2)).Append(content, copied, i - copied)
                    .Append('"').Append(bare).Append('"');
                i += bare.Length - 1;
                copied = i + 1;
            }
        }

        return written is null ? content : written.Append(content, copied, content.Length - copied).ToString();
    }

    /// <summary>Where the string that begins at <paramref name="start"/> has its closing quote, or the text its end.</summary>
    private static int EndOfString(string content, int start, string path)
    {
        int high = -1;
        for (int i = start + 1; i < content.Length; i++)
        {
            if (content[i] == '"')
            {
                return high < 0 ? i : throw HalfPair(content, high, path);
            }

            int at = i;
            char letter = content[i] == '\\' ? Escaped(content, ref i) : 'x';
            if (char.IsLowSurrogate(letter) != (high >= 0))
            {
                throw HalfPair(content, high >= 0 ? high : at, path);
            }

            high = char.IsHighSurrogate(letter) ? at : -1;
        }

        return content.Length;
    }

    /// <summary>The letter of an escape such as <c>\u00e9</c>; of others any. Moves to the escape's end.</summary>
    private static char Escaped(string content, ref int at)
    {
        const int Digits = 4;
        at++;
        if (at + Digits >= content.Length || content[at] != 'u'
            || !ushort.TryParse(content.AsSpan(at + 1, Digits), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort code))
        {
            return 'x';
        }

        at += Digits;
        return (char)code;
    }

    private static BadInputException HalfPair(string content, int at, string path)
    {
        int line = content.AsSpan(0, at).Count('\n') + 1, column = at - content.LastIndexOf('\n', Math.Max(at - 1, 0));
        return new BadInputException(
            $"{path}:{line}:{column}: is not JSON: {content.Substring(at, 6)} is half of a surrogate pair, no letter");
    }
}
