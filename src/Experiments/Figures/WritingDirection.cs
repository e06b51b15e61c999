using System.Globalization;
using System.Text;

namespace Experiments.Figures;

/// <summary>
/// In which order the letters of a line stand: Hebrew, Arabic and their kin are read from the right, numbers and Latin words among them
/// from the left. The Unicode Bidirectional Algorithm (UAX #9) without explicit embeddings, which no prompt has.
/// </summary>
internal static class WritingDirection
{
    private enum Kind
    {
        Left,
        Right,
        Number,
        Neutral,
    }

    /// <summary>How deep each UTF-16 unit of a line is nested: even is read from the left, odd from the right.</summary>
    public static byte[] LevelsOf(string text)
    {
        Kind[] kinds = KindsOf(text);
        byte[] levels = new byte[text.Length];
        if (!kinds.Contains(Kind.Right))
        {
            return levels;
        }

        Kind line = kinds.First(kind => kind is Kind.Left or Kind.Right);
        MakeNumbersOfLeftText(kinds, line);
        GiveNeutralsADirection(kinds, line);
        byte outermost = line == Kind.Right ? (byte)1 : (byte)0;
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = kinds[i] switch
            {
                Kind.Right => 1,
                Kind.Number => 2,
                _ => (byte)(outermost * 2),
            };
        }

        return levels;
    }

    /// <summary>Parts of a line from the left to the right (rule L2: from the deepest level on, turn what is as deep or deeper).</summary>
    /// <param name="parts">In the order in which they are read.</param>
    public static IReadOnlyList<T> FromLeft<T>(List<T> parts, Func<T, byte> levelOf)
    {
        for (int level = parts.Count == 0 ? 0 : parts.Max(levelOf); level > 0; level--)
        {
            for (int start = 0; start < parts.Count; start++)
            {
                int end = start;
                while (end < parts.Count && levelOf(parts[end]) >= level)
                {
                    end++;
                }

                parts.Reverse(start, end - start);
                start = Math.Max(start, end - 1);
            }
        }

        return parts;
    }

    private static Kind[] KindsOf(string text)
    {
        Kind[] kinds = new Kind[text.Length];
        int place = 0;
        Kind before = Kind.Neutral;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A mark goes with its letter, and a sign within a number with the number.
            Kind kind = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                || (rune.Value is '.' or ',' or ':' or '/' && before == Kind.Number && IsDigitAt(text, place + 1))
                    ? before
                    : KindOf(rune);
            Array.Fill(kinds, kind, place, rune.Utf16SequenceLength);
            place += rune.Utf16SequenceLength;
            before = kind;
        }

        return kinds;
    }

    private static bool IsDigitAt(string text, int place) => place < text.Length && char.IsDigit(text[place]);

    private static Kind KindOf(Rune rune) =>
        Rune.IsDigit(rune) ? Kind.Number
        : IsReadFromRight(rune.Value) ? Rune.IsLetter(rune) ? Kind.Right : Kind.Neutral
        : Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber
            ? Kind.Left
            : Kind.Neutral;

    // Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbors; presentation forms; the old scripts and Adlam.
    private static bool IsReadFromRight(int letter) =>
        letter is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFE)
            or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    // Rule W7: a number behind Latin text, or at the beginning of a line of it, is part of that text.
    private static void MakeNumbersOfLeftText(Kind[] kinds, Kind line)
    {
        Kind strong = line;
        for (int i = 0; i < kinds.Length; i++)
        {
            strong = kinds[i] is Kind.Left or Kind.Right ? kinds[i] : strong;
            kinds[i] = kinds[i] == Kind.Number && strong == Kind.Left ? Kind.Left : kinds[i];
        }
    }

    // Rules N1 and N2: what stands between two of a direction takes theirs, else the line's; a number counts as text from the right.
    private static void GiveNeutralsADirection(Kind[] kinds, Kind line)
    {
        for (int start = 0; start < kinds.Length; start++)
        {
            if (kinds[start] != Kind.Neutral)
            {
                continue;
            }

            int end = Array.FindIndex(kinds, start, kind => kind != Kind.Neutral);
            Kind before = start == 0 ? line : Side(kinds[start - 1]), after = end < 0 ? line : Side(kinds[end]);
            end = end < 0 ? kinds.Length : end;
            Array.Fill(kinds, before == after ? before : line, start, end - start);
            start = end - 1;
        }

        static Kind Side(Kind kind) => kind == Kind.Number ? Kind.Right : kind;
    }
}
