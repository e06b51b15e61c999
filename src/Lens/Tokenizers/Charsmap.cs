using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The rewriting rules of a SentencePiece model (<c>precompiled_charsmap</c>): a double-array trie over UTF-8 whose values are places in a
/// list of replacements. It is read in two ways that differ on rare stacks of accents: by SentencePiece, and by the Hugging Face library
/// tokenizers.
/// </summary>
internal sealed class Charsmap
{
    /// <summary>The Hugging Face library looks up graphemes of fewer bytes as a whole.</summary>
    private const int LongGrapheme = 6;

    /// <summary>Many times what any letter is rewritten to.</summary>
    private const int MostBytes = 1024;

    private readonly uint[] _trie;
    private readonly byte[] _replacements;

    private Charsmap(uint[] trie, byte[] replacements) => (_trie, _replacements) = (trie, replacements);

    /// <summary>The size of the trie in bytes (little endian, 32 bits), the trie, the replacements, each ended by a zero.</summary>
    /// <param name="bytes">None: rules that change nothing.</param>
    /// <returns>Null: the bytes are something else.</returns>
    public static Charsmap? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return new Charsmap([], []);
        }

        if (bytes.Length < sizeof(uint))
        {
            return null;
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ReadOnlySpan<byte> rest = bytes[sizeof(uint)..];
        if (size % sizeof(uint) != 0 || size > rest.Length)
        {
            return null;
        }

        uint[] trie = new uint[size / sizeof(uint)];
        for (int unit = 0; unit < trie.Length; unit++)
        {
            trie[unit] = BinaryPrimitives.ReadUInt32LittleEndian(rest[(unit * sizeof(uint))..]);
        }

        byte[] replacements = rest[(int)size..].ToArray();
        return LongestReplacement(replacements) <= MostBytes ? new Charsmap(trie, replacements) : null;
    }

    /// <summary>What SentencePiece makes of the beginning of a text: the longest rule counts.</summary>
    /// <param name="text">UTF-8, not empty.</param>
    /// <param name="length">How many bytes of it are replaced; where no rule applies those of one character, which stays.</param>
    /// <returns>UTF-8.</returns>
    public ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> text, out int length)
    {
        if (Find(text, takesLongest: true, out length) is { } place)
        {
            return ReplacementAt(place);
        }

        Rune.DecodeFromUtf8(text, out _, out length);
        return text[..length];
    }

    /// <summary>
    /// What the Hugging Face library makes of a text: of a short grapheme the <em>shortest</em> rule counts and replaces all of it; else
    /// each character is looked up by itself.
    /// </summary>
    public AlignedText RewriteGraphemes(AlignedText text)
    {
        AlignedText.Builder rewritten = new();
        TextElementEnumerator graphemes = StringInfo.GetTextElementEnumerator(text.Text);
        while (graphemes.MoveNext())
        {
            string grapheme = graphemes.GetTextElement();
            int unit = graphemes.ElementIndex;
            if (Encoding.UTF8.GetByteCount(grapheme) >= LongGrapheme || !Append(grapheme, unit))
            {
                foreach (Rune rune in grapheme.EnumerateRunes())
                {
                    string character = rune.ToString();
                    if (!Append(character, unit))
                    {
                        rewritten.Append(text[unit..(unit + character.Length)]);
                    }

                    unit += character.Length;
                }
            }
        }

        return rewritten.ToText();

        bool Append(string part, int start)
        {
            if (Find(Encoding.UTF8.GetBytes(part), takesLongest: false, out _) is not { } place)
            {
                return false;
            }

            rewritten.Append(Encoding.UTF8.GetString(ReplacementAt(place)), text.Origin(start, part.Length));
            return true;
        }
    }

    /// <summary>The rules' values, each at the end of a path of bytes; the units are packed as darts-clone packs them.</summary>
    private int? Find(ReadOnlySpan<byte> text, bool takesLongest, out int length)
    {
        length = 0;
        int? found = null;
        uint node = _trie.Length == 0 ? uint.MaxValue : Offset(_trie[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= _trie.Length || (_trie[node] & 0x8000_00FF) != text[i])
            {
                break;
            }

            uint unit = _trie[node];
            node ^= Offset(unit);
            bool isRule = (unit & 0x100) != 0 && node < _trie.Length;
            if (isRule)
            {
                (found, length) = ((int)(_trie[node] & 0x7FFF_FFFF), i + 1);
                if (!takesLongest)
                {
                    break;
                }
            }
        }

        return found;

        static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
    }

    private static int LongestReplacement(ReadOnlySpan<byte> replacements)
    {
        int longest = 0;
        foreach (Range range in replacements.Split((byte)0))
        {
            longest = Math.Max(longest, range.GetOffsetAndLength(replacements.Length).Length);
        }

        return longest;
    }

    private ReadOnlySpan<byte> ReplacementAt(int place)
    {
        ReadOnlySpan<byte> rest = _replacements.AsSpan(Math.Min(place, _replacements.Length));
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }
}
