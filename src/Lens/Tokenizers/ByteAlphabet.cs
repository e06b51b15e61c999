using System.Text;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The alphabet that GPT-2's and CLIP's vocabularies are written in: one visible character for each byte, so that pieces of
/// UTF-8 can stand in text files. Printable bytes of Latin-1 stand for themselves; the others follow from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>The character of each byte.</summary>
    public static IReadOnlyList<char> CharOfByte { get; } = MakeAlphabet();

    /// <summary>The 256 characters in the order in which vocabularies number them: by code point.</summary>
    public static IReadOnlyList<char> InVocabularyOrder { get; } =
        [.. CharOfByte.Where(character => character < 256), .. CharOfByte.Where(character => character >= 256)];

    private static readonly Dictionary<char, byte> ByteOfChar =
        CharOfByte.Select((character, value) => (character, value)).ToDictionary(pair => pair.character, pair => (byte)pair.value);

    /// <summary>A word's UTF-8 bytes, one character each.</summary>
    public static string Spell(string word) => string.Concat(Encoding.UTF8.GetBytes(word).Select(value => CharOfByte[value]));

    /// <summary>The text that a word spells; characters that are not in the alphabet stand for themselves.</summary>
    public static string Text(string spelled)
    {
        List<byte> bytes = new(spelled.Length);
        foreach (Rune rune in spelled.EnumerateRunes())
        {
            if (rune.IsBmp && ByteOfChar.TryGetValue((char)rune.Value, out byte value))
            {
                bytes.Add(value);
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static char[] MakeAlphabet()
    {
        char[] alphabet = new char[256];
        char next = (char)256;
        for (int value = 0; value < alphabet.Length; value++)
        {
            bool visible = value is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ');
            alphabet[value] = visible ? (char)value : next++;
        }

        return alphabet;
    }
}
