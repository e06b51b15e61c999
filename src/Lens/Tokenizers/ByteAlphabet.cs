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

    /// <summary>A word's UTF-8 bytes, one character each.</summary>
    public static string Spell(string word) => string.Concat(Encoding.UTF8.GetBytes(word).Select(value => CharOfByte[value]));

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
