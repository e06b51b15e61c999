using System.Text;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Answers;

/// <summary>
/// Tables as spreadsheets save them: UTF-8 or UTF-16, with or without a mark at the beginning; commas, semicolons or tabs between the
/// columns,
/// which a first line <c>sep=;</c> may say.
/// </summary>
/// <param name="Text">The table, without such a line.</param>
/// <param name="Separator">What stands between the columns.</param>
/// <param name="LinesBefore">How many lines of the file are not in the text.</param>
internal sealed record SpreadsheetText(string Text, char Separator, int LinesBefore)
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be read, or is no such text.</exception>
    public static SpreadsheetText Read(string path)
    {
        string text = Decode(Utf8Text.ReadBytes(path), path);
        int end = text.IndexOfAny(['\r', '\n']);
        string first = end < 0 ? text : text[..end];
        return first.Trim('"') is ['s', 'e', 'p', '=', char separator]
            ? new SpreadsheetText(text[Math.Min(text.Length, end < 0 ? text.Length : AfterLineEnd(text, end))..], separator, LinesBefore: 1)
            : new SpreadsheetText(text, Separators.MaxBy(candidate => first.Count(letter => letter == candidate)), LinesBefore: 0);
    }

    private static int AfterLineEnd(string text, int end) => text.AsSpan(end).StartsWith("\r\n") ? end + 2 : end + 1;

    // Text in Latin letters without a mark shows by its zeros which half of a UTF-16 unit comes first.
    private static string Decode(byte[] bytes, string path) => bytes switch
    {
        [0xFF, 0xFE, ..] or [not 0, 0, ..] => Utf16(bytes, bigEndian: false, path),
        [0xFE, 0xFF, ..] or [0, not 0, ..] => Utf16(bytes, bigEndian: true, path),
        _ => Utf8Text.Decode(bytes, path),
    };

    private static string Utf16(byte[] bytes, bool bigEndian, string path)
    {
        try
        {
            return new UnicodeEncoding(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException problem)
        {
            throw new BadInputException($"{path}: is damaged UTF-16 text; save the file as UTF-8", problem);
        }
    }
}
