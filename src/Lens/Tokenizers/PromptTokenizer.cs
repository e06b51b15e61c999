using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>Turns a prompt into the ids that a text encoder reads. Safe to use from several threads.</summary>
public abstract class PromptTokenizer
{
    private protected PromptTokenizer(int modelMaxLength) => ModelMaxLength = modelMaxLength;

    /// <summary>Tokens in each prompt, padding included (77 for Stable Diffusion and DeepFloyd IF); at least 1.</summary>
    public int ModelMaxLength { get; private set; }

    /// <summary>How many ids there are; all are below it.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>
    /// Reads a tokenizer's folder: T5's where a <c>spiece.model</c> lies in it, or a <c>tokenizer.json</c> of unigrams alone, Qwen2's or
    /// Gemma's where its config says so, otherwise CLIP's.
    /// </summary>
    /// <exception cref="BadInputException">A file is missing or malformed, or they do not belong together.</exception>
    public static PromptTokenizer FromFolder(string folder) =>
        File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces)) ? T5Tokenizer.FromFolder(folder)
            : Qwen2Vocabulary.IsFolder(folder) ? Qwen2Tokenizer.FromFolder(folder)
            : GemmaVocabulary.IsFolder(folder) ? GemmaTokenizer.FromFolder(folder)
            : TokenizerFolder.HoldsUnigrams(folder) ? T5Tokenizer.FromFolder(folder)
            : ClipTokenizer.FromFolder(folder);

    /// <summary>Whether a folder holds a tokenizer's own files.</summary>
    public static bool IsFolder(string folder) =>
        File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces))
        || File.Exists(Path.Combine(folder, TokenizerFolder.GemmaPieces))
        || File.Exists(Path.Combine(folder, TokenizerFolder.Vocabulary))
        || File.Exists(Path.Combine(folder, TokenizerFolder.Whole));

    /// <summary>In a few words whose ids it gives, of which files, how many, and how prompts are filled up.</summary>
    public abstract string Description { get; }

    /// <summary>The same tokenizer with another cleaning of prompts; of those that know none, itself.</summary>
    public virtual PromptTokenizer With(TextCleaning cleaning) => this;

    /// <summary>The same tokenizer with another instruction before prompts; of those that know none, itself.</summary>
    internal virtual PromptTokenizer With(string? instruction) => this;

    /// <summary>The same tokenizer with prompts of another length.</summary>
    /// <param name="length">Tokens in each prompt, those aside that its pipeline drops; of CLIP's and Gemma's at least 2.</param>
    public PromptTokenizer WithLength(int length)
    {
        PromptTokenizer other = (PromptTokenizer)MemberwiseClone();
        other.ModelMaxLength = Dropped + length;
        return other;
    }

    /// <summary>How many of the first tokens its pipeline drops once they have been encoded.</summary>
    private protected virtual int Dropped => 0;

    /// <summary>The prompt's ids, cut or padded to <see cref="ModelMaxLength"/>. Any text is taken.</summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public abstract TokenizedPrompt Encode(string text);

    /// <summary>A prompt with more padding behind it than the pipeline reads.</summary>
    /// <param name="prompt">By this tokenizer.</param>
    /// <param name="positions">How many positions it is to have; not fewer than it has.</param>
    internal virtual TokenizedPrompt Lengthened(TokenizedPrompt prompt, int positions)
        => throw new NotSupportedException("All prompts of this tokenizer have the same length.");

    /// <summary>The tokens of a text in which special tokens may be written out.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="special">Finds the special tokens.</param>
    /// <param name="tokensOf">The tokens of what stands between them.</param>
    /// <param name="idOfSpecial">The id of what <paramref name="special"/> found.</param>
    internal static IEnumerable<TextToken> TextTokens(
        AlignedText text, Regex special, Func<AlignedText, IEnumerable<TextToken>> tokensOf, Func<string, int> idOfSpecial)
    {
        int start = 0;
        foreach (Match found in special.Matches(text.Text))
        {
            foreach (TextToken token in tokensOf(text[start..found.Index]))
            {
                yield return token;
            }

            yield return new TextToken(idOfSpecial(found.Value), text.Origin(found.Index, found.Length));
            start = found.Index + found.Length;
        }

        foreach (TextToken token in tokensOf(text[start..]))
        {
            yield return token;
        }
    }

    /// <summary>The text that tokens stand for.</summary>
    private protected virtual string TextOf(IEnumerable<string> pieces) => ByteAlphabet.Text(string.Concat(pieces));

    /// <summary>
    /// A prompt cut to <see cref="ModelMaxLength"/> and padded to it; the mask is 1 at what was written.
    /// </summary>
    /// <param name="prompt">As it was given.</param>
    /// <param name="before">What stands before the text.</param>
    /// <param name="text">All tokens of the text.</param>
    /// <param name="after">What stands behind the text, given what is read of it; never cut.</param>
    /// <param name="end">The end token, of which the first one counts.</param>
    /// <param name="padding">Fills it up.</param>
    /// <param name="pieces">The pieces by id.</param>
    /// <param name="room">How many ids of the text are read at most.</param>
    private protected TokenizedPrompt Cut(
        string prompt,
        int[] before,
        IReadOnlyList<TextToken> text,
        Func<IReadOnlyList<int>, int[]> after,
        int end,
        int padding,
        IReadOnlyList<string> pieces,
        int room)
    {
        int[] read = [.. text.Take(room).Select(token => token.Id)], written = [.. before, .. read, .. after(read)];
        int first = Array.IndexOf(written, end, before.Length);
        return Padded(written, padding, pieces) with
        {
            Text = prompt,
            Places = [.. Enumerable.Range(0, ModelMaxLength).Select(position => new TokenPlace(RoleOf(position), SpanOf(position)))],
            Cut = text.Count <= room
                ? null
                : new PromptCut(room, text.Count, TextOf(text.Skip(room).Select(token => pieces[token.Id])).Trim()),
        };

        TokenRole RoleOf(int position) => position < before.Length ? TokenRole.Start
            : position < first ? TokenRole.Prompt
            : position == first ? TokenRole.End
            : TokenRole.Padding;

        TextSpan? SpanOf(int position)
            => position >= before.Length && position < before.Length + read.Length ? text[position - before.Length].Span : null;
    }

    /// <summary>The prompt of at most <see cref="ModelMaxLength"/> ids, padded to it; the mask is 1 at what was written.</summary>
    private protected TokenizedPrompt Padded(IReadOnlyList<int> written, int padding, IReadOnlyList<string> pieces)
    {
        int[] ids = [.. written, .. Enumerable.Repeat(padding, ModelMaxLength - written.Count)];
        int[] mask = [.. ids.Select((_, position) => position < written.Count ? 1 : 0)];
        return new TokenizedPrompt(ids, [.. ids.Select(id => pieces[id])], mask);
    }
}
