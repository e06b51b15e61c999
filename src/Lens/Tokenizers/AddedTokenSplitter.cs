using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Cuts added tokens out of a text, as the Hugging Face library tokenizers does it: those that are not normalized out of the text as it
/// was given, then the others out of the normalized text between them. Of two that begin at one place the longer one is meant.
/// </summary>
internal sealed class AddedTokenSplitter
{
    private readonly Dictionary<string, AddedToken> _ofContent;
    private readonly Regex? _raw;
    private readonly Regex? _normalized;

    /// <param name="tokens">Of two with the same content the later one counts.</param>
    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        _ofContent = new(StringComparer.Ordinal);
        foreach (AddedToken token in tokens)
        {
            _ofContent[token.Content] = token;
        }

        _raw = Pattern(isNormalized: false);
        _normalized = Pattern(isNormalized: true);
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<AddedToken> All => _ofContent.Values;

    /// <summary>
    /// The stretches of a text in their order: normalized text, or the id of an added token. Empty stretches are left out.
    /// </summary>
    /// <param name="text">Without halves of surrogate pairs.</param>
    /// <param name="normalize">What is done to text before the normalized tokens are looked for.</param>
    public IEnumerable<Stretch> Split(AlignedText text, Func<AlignedText, AlignedText> normalize)
    {
        foreach (Stretch raw in Cut(new Stretch(text, null, IsFirst: true), _raw))
        {
            if (raw.Token is not null)
            {
                yield return raw;
                continue;
            }

            foreach (Stretch stretch in Cut(raw with { Text = normalize(raw.Text) }, _normalized))
            {
                yield return stretch;
            }
        }
    }

    private IEnumerable<Stretch> Cut(Stretch whole, Regex? pattern)
    {
        string text = whole.Text.Text;
        int done = 0;
        for (Match? found = pattern?.Match(text); found is { Success: true }; found = found.NextMatch())
        {
            AddedToken token = _ofContent[found.Value];
            int start = found.Index, end = found.Index + found.Length;
            if (start < done || (token.IsWholeWord && (EndsInWord(text.AsSpan(0, start)) || BeginsWithWord(text.AsSpan(end)))))
            {
                continue;
            }

            if (token.StripsLeft)
            {
                start = done + text.AsSpan(done, start - done).TrimEnd().Length;
            }

            if (token.StripsRight)
            {
                end = text.Length - text.AsSpan(end).TrimStart().Length;
            }

            if (start > done)
            {
                yield return new Stretch(whole.Text[done..start], null, whole.IsFirst && done == 0);
            }

            yield return new Stretch(whole.Text[start..end], token.Id, whole.IsFirst && start == 0);
            done = end;
        }

        if (done < text.Length)
        {
            yield return new Stretch(whole.Text[done..], null, whole.IsFirst && done == 0);
        }
    }

    private Regex? Pattern(bool isNormalized)
    {
        string[] contents = [.. All.Where(token => token.IsNormalized == isNormalized).Select(token => token.Content)
            .OrderByDescending(content => content.Length).Select(Regex.Escape)];
        return contents.Length == 0 ? null : new Regex(string.Join('|', contents), RegexOptions.CultureInvariant);
    }

    private static bool EndsInWord(ReadOnlySpan<char> text)
        => Rune.DecodeLastFromUtf16(text, out Rune last, out _) == System.Buffers.OperationStatus.Done && IsWord(last);

    private static bool BeginsWithWord(ReadOnlySpan<char> text)
        => Rune.DecodeFromUtf16(text, out Rune first, out _) == System.Buffers.OperationStatus.Done && IsWord(first);

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.ConnectorPunctuation;

    /// <summary>A part of a text.</summary>
    /// <param name="Text">Normalized where it is no added token.</param>
    /// <param name="Token">The id of an added token; null: it is text.</param>
    /// <param name="IsFirst">Whether the whole text begins with it.</param>
    internal readonly record struct Stretch(AlignedText Text, int? Token, bool IsFirst)
    {
        /// <summary>Its tokens: the added one, or those of the text.</summary>
        public IEnumerable<TextToken> Tokens(Func<AlignedText, IEnumerable<TextToken>> tokensOf)
            => Token is { } token ? [new TextToken(token, Text.Origin(0, Text.Length))] : tokensOf(Text);
    }
}
