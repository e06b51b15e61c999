using System.Text.RegularExpressions;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// T5's tokenizer: SentencePiece's unigram pieces, then <c>&lt;/s&gt;</c>, then padding. Gives the ids of the Hugging Face
/// <c>T5Tokenizer</c> (slow, legacy), which DeepFloyd IF's pipeline uses.
/// </summary>
public sealed class T5Tokenizer : PromptTokenizer
{
    /// <summary>Tokens that DeepFloyd IF's text encoder reads of each prompt.</summary>
    public const int DeepFloydLength = 77;

    private readonly T5Vocabulary _vocabulary;
    private readonly Regex _specialTokens;
    private readonly bool _lowersCase;

    private T5Tokenizer(T5Vocabulary vocabulary, int length, bool lowersCase)
        : base(length)
    {
        _vocabulary = vocabulary;
        _lowersCase = lowersCase;

        // The sentinels of T5's pretraining swallow the white space around them.
        string sentinels = string.Join('|', vocabulary.Sentinels.Select(Regex.Escape));
        string ends = string.Join('|', new[] { T5Vocabulary.Padding, T5Vocabulary.End, T5Vocabulary.Unknown }.Select(Regex.Escape));
        _specialTokens = new Regex(sentinels.Length == 0 ? ends : $@"\s*(?:{sentinels})\s*|{ends}", RegexOptions.CultureInvariant);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Pieces.Count;

    internal override string Rules => $"T5's SentencePiece unigrams{(_lowersCase ? ", lower case" : "")}";

    /// <summary>Reads a tokenizer folder as transformers writes it: <c>spiece.model</c> and <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">
    /// Tokens in each prompt, padding included, 2 or more; the file's own <c>model_max_length</c> is T5's, not the pipeline's.
    /// </param>
    /// <param name="lowersCase">
    /// Prompts are lower-cased and stripped of white space at both ends first, as DeepFloyd IF's pipeline does it.
    /// </param>
    /// <exception cref="BadInputException">A file is missing or malformed, or adds tokens that T5 does not have.</exception>
    public static T5Tokenizer FromFolder(string folder, int length = DeepFloydLength, bool lowersCase = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        return new T5Tokenizer(T5Vocabulary.Read(folder), length, lowersCase);
    }

    /// <summary>
    /// The prompt, <c>&lt;/s&gt;</c>, and padding up to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a longer prompt the first tokens
    /// are kept, and <c>&lt;/s&gt;</c> still comes last. Special tokens written out in the text count as such.
    /// </summary>
    public override TokenizedPrompt Encode(string text)
    {
        // A surrogate without its partner is no character; it becomes U+FFFD.
        string scalars = string.Concat(text.EnumerateRunes());
        string prepared = _lowersCase ? PythonText.Strip(PythonText.Lower(scalars)) : scalars;
        IEnumerable<int> ids = TextIds(
            prepared, _specialTokens, _vocabulary.Encode, special => _vocabulary.IdOfSpecial(special.Trim()));
        List<int> written = [.. ids.Take(ModelMaxLength - 1)];
        if (written is [] || written[^1] != T5Vocabulary.EndId)
        {
            written.Add(T5Vocabulary.EndId);
        }

        return Padded(written, T5Vocabulary.PaddingId, _vocabulary.Pieces);
    }
}
