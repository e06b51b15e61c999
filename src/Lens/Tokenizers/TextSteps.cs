using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The steps before a unigram model, as <c>tokenizer.json</c> lists them: what normalizes text, and what cuts it into words.
/// </summary>
internal sealed partial class TextSteps
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<Func<AlignedText, AlignedText>> _normalizers;
    private readonly IReadOnlyList<Func<Word, IEnumerable<Word>>> _splitters;

    private TextSteps(IReadOnlyList<Func<AlignedText, AlignedText>> normalizers, IReadOnlyList<Func<Word, IEnumerable<Word>>> splitters)
        => (_normalizers, _splitters) = (normalizers, splitters);

    /// <summary>Where a space is put before words that have none.</summary>
    public enum Prepend
    {
        /// <summary>Before every stretch of text between added tokens.</summary>
        Always,

        /// <summary>Only where the whole text begins.</summary>
        First,

        /// <summary>Nowhere.</summary>
        Never,
    }

    /// <exception cref="BadInputException">A step is of another kind than T5's tokenizers have.</exception>
    public static TextSteps Read(TokenizerJson json)
        => new([.. json.Normalizers.Select(step => Normalizer(json.Path, step))],
            [.. json.PreTokenizers.Select(step => Splitter(json.Path, step))]);

    /// <summary>What transformers' conversion makes of a SentencePiece model.</summary>
    public static TextSteps Of(Charsmap charsmap, Prepend prepend)
        => new(
            [
                charsmap.RewriteGraphemes,
                text => text.Trim(atStart: false, atEnd: true),
                text => text.Replace(SeveralBlanks(), UnigramText.Space),
            ],
            [word => Metaspace(word, UnigramText.Space, prepend, splits: true)]);

    /// <summary>Normalized text.</summary>
    public AlignedText Normalize(AlignedText text) => _normalizers.Aggregate(text, (normal, normalize) => normalize(normal));

    /// <summary>The words of normalized text.</summary>
    /// <param name="text">Normalized.</param>
    /// <param name="isFirst">Whether the whole text begins with it.</param>
    public IEnumerable<AlignedText> Split(AlignedText text, bool isFirst)
        => _splitters.Aggregate(
                (IEnumerable<Word>)[new Word(text, isFirst)], (words, split) => words.SelectMany(split).Where(word => word.Text.Length > 0))
            .Select(word => word.Text);

    private static Func<AlignedText, AlignedText> Normalizer(string path, JsonElement step) => TokenizerJson.TypeOf(step) switch
    {
        "Precompiled" => Precompiled(path, step),
        "Strip" => Strip(step),
        "Replace" => Replace(path, step),
        "NFC" => text => text.Normalize(part => part.Normalize(NormalizationForm.FormC)),
        "NFKC" => text => text.Normalize(part => part.Normalize(NormalizationForm.FormKC)),
        "Lowercase" => ClipWords.Lower,
        string other => throw new BadInputException(
            $"{path}: normalizes text by {other}, which is not supported; Precompiled, Strip, Replace, NFC, NFKC and Lowercase are"),
    };

    private static Func<AlignedText, AlignedText> Precompiled(string path, JsonElement step)
    {
        try
        {
            return (step.TryGetProperty("precompiled_charsmap", out JsonElement map) && map.ValueKind == JsonValueKind.String
                ? Charsmap.Parse(Convert.FromBase64String(map.GetString()!))
                : null) is { } charsmap
                ? charsmap.RewriteGraphemes
                : throw new BadInputException($"{path}: its precompiled_charsmap is no base64 of SentencePiece's rules, or is damaged");
        }
        catch (FormatException failure)
        {
            throw new BadInputException($"{path}: its precompiled_charsmap is no base64 ({failure.Message})", failure);
        }
    }

    private static Func<AlignedText, AlignedText> Strip(JsonElement step)
    {
        bool left = Flag(step, "strip_left"), right = Flag(step, "strip_right");
        return text => text.Trim(left, right);
    }

    private static Func<AlignedText, AlignedText> Replace(string path, JsonElement step)
    {
        string content = TextAt(step, "content") ?? "";
        if (step.TryGetProperty("pattern", out JsonElement pattern) && pattern.ValueKind == JsonValueKind.Object)
        {
            if (TextAt(pattern, "String") is { Length: > 0 } literal)
            {
                return text => text.Replace(literal, content);
            }

            if (TextAt(pattern, "Regex") is { Length: > 0 } expression)
            {
                try
                {
                    Regex regex = new(expression, RegexOptions.CultureInvariant, LongestMatch);
                    return text => Replaced(text, regex, content, path);
                }
                catch (ArgumentException failure)
                {
                    throw new BadInputException($"{path}: cannot replace /{expression}/ ({failure.Message})", failure);
                }
            }
        }

        throw new BadInputException($"{path}: has a Replace without a pattern, which is {{\"String\": ...}} or {{\"Regex\": ...}}");
    }

    /// <summary>A file's own pattern can be one that takes for ever on some text.</summary>
    private static AlignedText Replaced(AlignedText text, Regex regex, string content, string path)
    {
        try
        {
            return text.Replace(regex, content);
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw new BadInputException(
                $"{path}: to replace /{regex}/ takes more than {LongestMatch.TotalSeconds} s for one prompt", failure);
        }
    }

    private static Func<Word, IEnumerable<Word>> Splitter(string path, JsonElement step)
    {
        switch (TokenizerJson.TypeOf(step))
        {
            case "WhitespaceSplit":
                return SplitAtWhiteSpace;
            case "Metaspace":
                string space = TextAt(step, "replacement") ?? UnigramText.Space;
                bool splits = !step.TryGetProperty("split", out JsonElement split) || split.ValueKind != JsonValueKind.False;

                // Old files say add_prefix_space, true or false.
                bool never = step.TryGetProperty("add_prefix_space", out JsonElement adds) && adds.ValueKind == JsonValueKind.False;
                string scheme = TextAt(step, "prepend_scheme") ?? (never ? "never" : "always");
                return Enum.TryParse(scheme, ignoreCase: true, out Prepend prepend) && Enum.IsDefined(prepend)
                    ? word => Metaspace(word, space, prepend, splits)
                    : throw new BadInputException($"{path}: prepend_scheme is {scheme}; it must be always, first or never");
            default:
                throw new BadInputException(
                    $"{path}: cuts text by {TokenizerJson.TypeOf(step)}, which is not supported; WhitespaceSplit and Metaspace are");
        }
    }

    private static IEnumerable<Word> SplitAtWhiteSpace(Word word)
    {
        int start = 0;
        AlignedText text = word.Text;
        while (start < text.Length)
        {
            int end = start;
            while (end < text.Length && !char.IsWhiteSpace(text.Text[end]))
            {
                end++;
            }

            yield return new Word(text[start..end], word.IsFirst && start == 0);
            start = end + 1;
        }
    }

    private static IEnumerable<Word> Metaspace(Word word, string space, Prepend prepend, bool splits)
    {
        AlignedText text = word.Text.Replace(" ", space);
        bool prepends = prepend == Prepend.Always || (prepend == Prepend.First && word.IsFirst);
        if (prepends && text.Length > 0 && !text.Text.StartsWith(space, StringComparison.Ordinal))
        {
            text = text.Prepend(space);
        }

        for (int start = 0; start < text.Length;)
        {
            int next = splits ? text.Text.IndexOf(space, start + 1, StringComparison.Ordinal) : -1;
            int end = next < 0 ? text.Length : next;
            yield return new Word(text[start..end], word.IsFirst && start == 0);
            start = end;
        }
    }

    private static string? TextAt(JsonElement step, string key)
        => step.TryGetProperty(key, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool Flag(JsonElement step, string key)
        => step.TryGetProperty(key, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;

    [GeneratedRegex(" {2,}", RegexOptions.CultureInvariant)]
    private static partial Regex SeveralBlanks();

    private readonly record struct Word(AlignedText Text, bool IsFirst);
}
