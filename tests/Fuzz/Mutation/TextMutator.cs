using System.Text;

namespace Fuzz.Mutation;

/// <summary>Changes text line by line and number by number: YAML, tables, lists of words.</summary>
internal sealed class TextMutator : Mutator
{
    private static readonly string[] Snippets =
    [
        "&a ", "*a", "!!str ", "!x ", "- [", "{", "}", "[", "]", "---\n", "...\n", "\t", "? ", "|\n", ">\n", "%YAML 1.2\n", "'", "\"",
        "\"\"", ",", ";", ":", ": ", "#", "\r", "\r\n", "\n\n", "\0", "\uFEFF", "\u2028", "\u202E", "e\u0301", "日本", "🦩", "=",
        "sep=;\n", "{object''''}", "{a }", "{", "\\", "/", "../", "~", "<<: *a\n", "@", "`", "%", "$(x)", "__proto__", "null", "true",
        "yes", "-", "--", "_",
    ];

    private protected override byte[] Once(byte[] bytes, byte[] other, Random random) => Change(bytes, other, random);

    public static byte[] Change(byte[] bytes, byte[] other, Random random)
    {
        int choice = random.Next(11);
        if (choice < 3 && NumberIn(bytes, random) is { } number)
        {
            return Replaced(bytes, number.Start, number.End, Encoding.UTF8.GetBytes(Boundary.Number(random)));
        }

        (int start, int end) = LineIn(bytes, random);
        (int otherStart, int otherEnd) = LineIn(other, random);
        ReadOnlySpan<byte> line = bytes.AsSpan(start..end);
        int at = bytes.Length == 0 ? 0 : random.Next(bytes.Length);
        switch (choice)
        {
            case 3:
                return Replaced(bytes, start, end, []);
            case 4:
                return Replaced(bytes, start, start, line);
            case 5:
                return Replaced(bytes, start, start, other.AsSpan(otherStart..otherEnd));
            case 6:
                return Replaced(bytes, start, end, other.AsSpan(otherStart..otherEnd));
            case 7 when line.Length < 400:
                return Replaced(bytes, start, start, Encoding.UTF8.GetBytes(
                    string.Concat(Enumerable.Repeat(Encoding.UTF8.GetString(line), Math.Min(20_000, Boundary.Count(random))))));
            case 8:
                string open = Any(["[", "{", "- "], random), nested = string.Concat(Enumerable.Repeat(open, Boundary.Count(random)));
                return Replaced(bytes, at, at, Encoding.UTF8.GetBytes(nested));
            case 9:
                return Replaced(bytes, start, start, Encoding.UTF8.GetBytes(new string(' ', 1 + random.Next(4))));
            default:
                return Replaced(bytes, at, at, Encoding.UTF8.GetBytes(Any(Snippets, random)));
        }
    }

    private static (int Start, int End)? NumberIn(byte[] bytes, Random random)
    {
        int from = bytes.Length == 0 ? 0 : random.Next(bytes.Length);
        int start = Array.FindIndex(bytes, from, letter => letter is >= (byte)'0' and <= (byte)'9');
        if (start < 0)
        {
            return null;
        }

        int end = start;
        while (end < bytes.Length && bytes[end] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
        {
            end++;
        }

        return (start, end);
    }

    private static (int Start, int End) LineIn(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return (0, 0);
        }

        int at = random.Next(bytes.Length);
        int start = Array.LastIndexOf(bytes, (byte)'\n', at) + 1, end = Array.IndexOf(bytes, (byte)'\n', at);
        return (Math.Min(start, at), end < 0 ? bytes.Length : end + 1);
    }
}
