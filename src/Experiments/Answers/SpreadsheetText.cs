using System.Text;
using DiffusionLens;
using Experiments.Files;

namespace Experiments.Answers;

/// <summary>
/// Tables as spreadsheets save them: UTF-8 or UTF-16, with or without a mark at the beginning; commas, semicolons or tabs between the
/// columns, which a first line <c>sep=;</c> may say.
/// </summary>
/// <param name="Utf8">The table, without such a line. It is read as it is needed: it may have millions of lines.</param>
/// <param name="Separator">What stands between the columns.</param>
/// <param name="LinesBefore">How many lines of the file are not in the table.</param>
internal sealed record SpreadsheetText(Stream Utf8, char Separator, int LinesBefore) : IDisposable
{
    private const int LongestHeader = 64 * 1024;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be read, or is no such text.</exception>
    public static SpreadsheetText Open(string path)
    {
        Stream table = Encoded(path);
        byte[] bytes = new byte[LongestHeader];
        ReadOnlySpan<byte> head = bytes.AsSpan(0, table.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        int mark = 0;
        while (head[mark..].StartsWith("\uFEFF"u8))
        {
            mark += "\uFEFF"u8.Length;
        }

        head = head[mark..];
        int end = head.IndexOfAny((byte)'\r', (byte)'\n');
        string first = Encoding.UTF8.GetString(end < 0 ? head : head[..end]);
        bool says = first.Trim('"') is ['s', 'e', 'p', '=', _];
        table.Position = mark + (!says ? 0 : end < 0 ? head.Length : AfterLineEnd(head, end));
        return says
            ? new SpreadsheetText(table, first.Trim('"')[^1], LinesBefore: 1)
            : new SpreadsheetText(table, Separators.MaxBy(candidate => first.Count(letter => letter == candidate)), LinesBefore: 0);
    }

    public void Dispose() => Utf8.Dispose();

    private static int AfterLineEnd(ReadOnlySpan<byte> table, int end) => table[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;

    // Text in Latin letters without a mark shows by its zeros which half of a UTF-16 unit comes first.
    private static Stream Encoded(string path)
    {
        Stream file = Utf8Text.OpenRead(path);
        byte[] two = new byte[2];
        int there = file.ReadAtLeast(two, two.Length, throwOnEndOfStream: false);
        file.Position = 0;
        switch (two.AsSpan(0, there))
        {
            case [0xFF, 0xFE] or [not 0, 0]:
                return FromUtf16(file, bigEndian: false, path);
            case [0xFE, 0xFF] or [0, not 0]:
                return FromUtf16(file, bigEndian: true, path);
            default:
                RequireUtf8(file, path);
                file.Position = 0;
                return file;
        }
    }

    private static void RequireUtf8(Stream file, string path)
    {
        try
        {
            Utf8Text.Require(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static MemoryStream FromUtf16(Stream file, bool bigEndian, string path)
    {
        using (file)
        {
            try
            {
                using StreamReader reader = new(file, new UnicodeEncoding(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true));
                return new MemoryStream(Encoding.UTF8.GetBytes(reader.ReadToEnd()));
            }
            catch (DecoderFallbackException problem)
            {
                throw new BadInputException($"{path}: is damaged UTF-16 text; save the file as UTF-8", problem);
            }
        }
    }
}
