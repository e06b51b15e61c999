using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>A text that was made of another one, with what each of its UTF-16 units was there.</summary>
internal sealed class AlignedText
{
    private readonly ReadOnlyMemory<TextSpan> _origins;

    private AlignedText(string text, ReadOnlyMemory<TextSpan> origins) => (Text, _origins) = (text, origins);

    public string Text { get; }

    public int Length => Text.Length;

    /// <summary>A part of it.</summary>
    public AlignedText this[Range range]
    {
        get
        {
            (int start, int length) = range.GetOffsetAndLength(Length);
            return length == Length ? this : new AlignedText(Text.Substring(start, length), _origins.Slice(start, length));
        }
    }

    /// <summary>A text as it was given; a half of a surrogate pair becomes U+FFFD.</summary>
    public static AlignedText Of(string text)
    {
        TextSpan[] origins = new TextSpan[text.Length];
        for (int i = 0; i < origins.Length; i++)
        {
            origins[i] = new TextSpan(i, i + 1);
        }

        return new AlignedText(string.Concat(text.EnumerateRunes()), origins);
    }

    /// <summary>What a stretch of it was.</summary>
    public TextSpan Origin(int start, int length) => length == 0
        ? InsertedAt(start)
        : new TextSpan(_origins.Span[start].Start, _origins.Span[start + length - 1].End);

    /// <summary>Where something that is put into it was in the first text: between two of its characters.</summary>
    public TextSpan InsertedAt(int place)
    {
        ReadOnlySpan<TextSpan> origins = _origins.Span;
        int origin = place < origins.Length ? origins[place].Start : origins.Length > 0 ? origins[^1].End : 0;
        return new TextSpan(origin, origin);
    }

    /// <summary>It, and something before it that was not in the first text.</summary>
    public AlignedText Prepend(string before)
        => new(before + Text, (TextSpan[])[.. Enumerable.Repeat(InsertedAt(0), before.Length), .. _origins.Span]);

    /// <summary>Another character in the place of each of one kind.</summary>
    public AlignedText Replace(char from, char to) => new(Text.Replace(from, to), _origins);

    /// <summary>Another text in the place of each occurrence of a literal.</summary>
    public AlignedText Replace(string literal, string by)
    {
        Builder replaced = new();
        int done = 0;
        for (int found; (found = Text.IndexOf(literal, done, StringComparison.Ordinal)) >= 0; done = found + literal.Length)
        {
            replaced.Append(this[done..found]).Append(by, Origin(found, literal.Length));
        }

        return done == 0 ? this : replaced.Append(this[done..]).ToText();
    }

    /// <summary>Another text in the place of each match.</summary>
    public AlignedText Replace(Regex regex, string by)
    {
        Builder replaced = new();
        int done = 0;
        foreach (Match match in regex.Matches(Text))
        {
            replaced.Append(this[done..match.Index]).Append(by, Origin(match.Index, match.Length));
            done = match.Index + match.Length;
        }

        return replaced.Append(this[done..]).ToText();
    }

    /// <summary>Without the white space at its beginning, its end, or both, as .NET trims it.</summary>
    public AlignedText Trim(bool atStart, bool atEnd)
    {
        int end = atEnd ? Text.AsSpan().TrimEnd().Length : Length;
        int start = atStart ? end - Text.AsSpan(0, end).TrimStart().Length : 0;
        return this[start..end];
    }

    /// <summary>What a normalization makes of it, which does little more than to rewrite graphemes each by itself.</summary>
    /// <param name="normalize">Gives the normalized text of any text.</param>
    public AlignedText Normalize(Func<string, string> normalize)
    {
        string whole = normalize(Text);
        if (whole == Text)
        {
            return this;
        }

        Builder normal = new();
        TextElementEnumerator graphemes = StringInfo.GetTextElementEnumerator(Text);
        while (graphemes.MoveNext())
        {
            string grapheme = graphemes.GetTextElement();
            normal.AppendRewritten(this[graphemes.ElementIndex..(graphemes.ElementIndex + grapheme.Length)], normalize(grapheme));
        }

        AlignedText byGraphemes = normal.ToText();
        return byGraphemes.Text == whole ? byGraphemes : Rewritten(whole);
    }

    /// <summary>What something made of it as a whole: what both texts have in common tells what the rest was.</summary>
    public AlignedText Rewritten(string text)
    {
        if (text == Text)
        {
            return this;
        }

        Builder rewritten = new();
        (int Old, int New) done = (0, 0);
        foreach ((int Old, int New) common in CommonUnits.Of(Text, text).Append((Text.Length, text.Length)))
        {
            rewritten.Append(text.AsSpan(done.New..common.New), Origin(done.Old, common.Old - done.Old));
            if (common.Old < Text.Length)
            {
                rewritten.Append(this[common.Old..(common.Old + 1)]);
            }

            done = (common.Old + 1, common.New + 1);
        }

        return rewritten.ToText();
    }

    /// <summary>The tokens of it, each of which stands for some bytes of UTF-8.</summary>
    /// <param name="ids">In their order.</param>
    /// <param name="bytesOf">How many bytes a token stands for; the last one has all that are left.</param>
    public IEnumerable<TextToken> TokensOfBytes(IReadOnlyList<int> ids, Func<int, int> bytesOf)
    {
        TextSpan[] characters = CharacterOfByte(Text);
        int start = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            int end = i == ids.Count - 1 ? characters.Length : start + bytesOf(ids[i]);
            int first = characters[start].Start;
            yield return new TextToken(ids[i], Origin(first, characters[end - 1].End - first));
            start = end;
        }
    }

    /// <summary>For each byte of a text's UTF-8 the units of the character that it belongs to.</summary>
    public static TextSpan[] CharacterOfByte(string text)
    {
        TextSpan[] characters = new TextSpan[Encoding.UTF8.GetByteCount(text)];
        int unit = 0, place = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            characters.AsSpan(place, rune.Utf8SequenceLength).Fill(new TextSpan(unit, unit + rune.Utf16SequenceLength));
            unit += rune.Utf16SequenceLength;
            place += rune.Utf8SequenceLength;
        }

        return characters;
    }

    public override string ToString() => Text;

    /// <summary>Puts a text together of parts of others.</summary>
    public sealed class Builder
    {
        private readonly StringBuilder _text = new();
        private readonly List<TextSpan> _origins = [];

        /// <summary>A part that stays what it is.</summary>
        public Builder Append(AlignedText part)
        {
            _text.Append(part.Text);
            _origins.AddRange(part._origins.Span);
            return this;
        }

        /// <summary>A text that one stretch became.</summary>
        public Builder Append(ReadOnlySpan<char> text, TextSpan origin)
        {
            _text.Append(text);
            for (int i = 0; i < text.Length; i++)
            {
                _origins.Add(origin);
            }

            return this;
        }

        /// <summary>What a part became, which may be itself.</summary>
        public Builder AppendRewritten(AlignedText part, string text)
            => text == part.Text ? Append(part) : Append(text, part.Origin(0, part.Length));

        public AlignedText ToText() => new(_text.ToString(), _origins.ToArray());
    }
}
