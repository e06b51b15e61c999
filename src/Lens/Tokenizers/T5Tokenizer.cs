namespace DiffusionLens.Tokenizers;

/// <summary>
/// T5's tokenizer: unigram pieces, then <c>&lt;/s&gt;</c>, then padding. Gives the ids of the Hugging Face class that the model asks for
/// (<see cref="Kind"/>).
/// </summary>
public sealed class T5Tokenizer : PromptTokenizer
{
    /// <summary>Tokens that DeepFloyd IF's text encoder reads of each prompt.</summary>
    public const int DeepFloydLength = 77;

    private readonly T5Vocabulary _vocabulary;
    private readonly bool _lowersCase;

    private T5Tokenizer(T5Vocabulary vocabulary, int length, bool lowersCase)
        : base(length)
        => (_vocabulary, _lowersCase) = (vocabulary, lowersCase);

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Pieces.Count;

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            string name = Kind switch
            {
                T5TokenizerKind.Slow => "T5Tokenizer",
                T5TokenizerKind.SlowNotLegacy => "T5Tokenizer, not legacy",
                _ => "T5TokenizerFast",
            };
            return $"{name}, {_vocabulary.Source}: {VocabularySize} pieces, {ModelMaxLength} tokens, filled up with {T5Vocabulary.Padding}"
                + (_lowersCase ? ", lower case" : "");
        }
    }

    /// <summary>Whose ids it gives.</summary>
    public T5TokenizerKind Kind => _vocabulary.Kind;

    /// <summary>
    /// Reads a tokenizer folder as transformers writes it: <c>tokenizer_config.json</c>, and <c>spiece.model</c> or <c>tokenizer.json</c>.
    /// Of both, a class whose name ends in <c>Fast</c> takes the latter, another one the former.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">
    /// Tokens in each prompt, padding included, 2 or more; the file's own <c>model_max_length</c> is T5's, not the pipeline's.
    /// </param>
    /// <param name="lowersCase">
    /// Prompts are lower-cased and stripped of white space at both ends first, as DeepFloyd IF's pipeline does it.
    /// </param>
    /// <param name="className">
    /// The class that the model's <c>model_index.json</c> names, <c>T5Tokenizer</c> or <c>T5TokenizerFast</c>; null: that of the config.
    /// </param>
    /// <exception cref="BadInputException">A file is missing or malformed, or adds tokens that T5 does not have.</exception>
    public static T5Tokenizer FromFolder(
        string folder, int length = DeepFloydLength, bool lowersCase = true, string? className = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        return new T5Tokenizer(T5Vocabulary.Read(folder, className), length, lowersCase);
    }

    /// <summary>
    /// The prompt, <c>&lt;/s&gt;</c>, and padding up to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a longer prompt the first tokens
    /// are kept, and <c>&lt;/s&gt;</c> still comes last. Special tokens written out in the text count as such.
    /// </summary>
    public override TokenizedPrompt Encode(string text)
    {
        // A surrogate without its partner is no character; it becomes U+FFFD.
        AlignedText scalars = AlignedText.Of(text), prepared = _lowersCase ? PythonText.Strip(PythonText.Lower(scalars)) : scalars;
        TextToken[] tokens = [.. _vocabulary.Encode(prepared)];
        return Cut(text, [], tokens, End, T5Vocabulary.EndId, T5Vocabulary.PaddingId, _vocabulary.Pieces, ModelMaxLength - 1);

        // The slow class sees that a text ends in an end already.
        int[] End(IReadOnlyList<int> read)
            => Kind != T5TokenizerKind.Fast && read.LastOrDefault(-1) == T5Vocabulary.EndId ? [] : [T5Vocabulary.EndId];
    }

    private protected override string TextOf(IEnumerable<string> pieces)
        => string.Concat(pieces).Replace(UnigramText.Space, " ", StringComparison.Ordinal);
}
