using System.Text;
using System.Text.Json;

namespace Fuzz.Mutation;

/// <summary>
/// Changes JSON value by value: other values, keys twice, keys away, deep nesting, long lists. Works on the text, so that what JSON
/// libraries would mend on the way (keys that come twice) stays. What is no JSON any more is changed as text.
/// </summary>
internal sealed class JsonMutator : Mutator
{
    private const int MostBytes = 4_000_000;

    private protected override byte[] Once(byte[] bytes, byte[] other, Random random) => Change(bytes, other, random);

    public static byte[] Change(byte[] bytes, byte[] other, Random random)
    {
        JsonSpans spans = JsonSpans.Of(bytes);
        if (spans.Values.Count == 0 || bytes.Length > MostBytes)
        {
            return TextMutator.Change(bytes, other, random);
        }

        (int start, int end) = Any(spans.Values, random);
        ReadOnlySpan<byte> value = bytes.AsSpan(start..end);
        switch (random.Next(12))
        {
            case 0 or 1 or 2:
                return Replaced(bytes, start, end, Encoding.UTF8.GetBytes(Boundary.Number(random)));
            case 3 or 4:
                return Replaced(bytes, start, end, Encoding.UTF8.GetBytes(Any(Boundary.JsonValues, random)));
            case 5:
                JsonSpans others = JsonSpans.Of(other);
                (int from, int to) = others.Values.Count == 0 ? (0, 0) : Any(others.Values, random);
                return from == to ? bytes : Replaced(bytes, start, end, other.AsSpan(from..to));
            case 6 when spans.Properties.Count > 0:
                (int propertyStart, int propertyEnd) = Any(spans.Properties, random);
                return Replaced(bytes, propertyStart, propertyStart, [.. bytes.AsSpan(propertyStart..propertyEnd), (byte)',']);
            case 7 when spans.Properties.Count > 0:
                return Without(bytes, Any(spans.Properties, random));
            case 8 when spans.Names.Count > 0:
                (int nameStart, int nameEnd) = Any(spans.Names, random);
                (int otherStart, int otherEnd) = Any(spans.Names, random);
                return Replaced(bytes, nameStart, nameEnd, bytes.AsSpan(otherStart..otherEnd));
            case 9:
                int depth = Boundary.Count(random);
                string open = random.Next(2) == 0 ? "[" : "{\"a\":", close = open == "[" ? "]" : "}";
                return Replaced(bytes, start, end, [.. Times(open, depth), .. value, .. Times(close, depth)]);
            case 10 when value.Length < 200:
                return Replaced(bytes, start, end, Repeated(value, Boundary.Count(random)));
            default:
                string word = new((char)('a' + random.Next(26)), Boundary.Count(random));
                return Replaced(bytes, start, end, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(word)));
        }
    }

    private static byte[] Times(string text, int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, count)));

    private static byte[] Repeated(ReadOnlySpan<byte> value, int count)
    {
        List<byte> list = [(byte)'['];
        for (int i = 0; i < count; i++)
        {
            list.AddRange(value);
            list.Add((byte)(i == count - 1 ? ']' : ','));
        }

        return [.. list];
    }

    private static byte[] Without(byte[] bytes, (int Start, int End) property)
    {
        (int start, int end) = property;
        int next = end, before = start - 1;
        while (next < bytes.Length && bytes[next] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            next++;
        }

        while (before >= 0 && bytes[before] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            before--;
        }

        return next < bytes.Length && bytes[next] == ',' ? Replaced(bytes, start, next + 1, [])
            : before >= 0 && bytes[before] == ',' ? Replaced(bytes, before, end, [])
            : Replaced(bytes, start, end, []);
    }
}
