using System.Text;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// The tokenizer of Qwen2 and Qwen3: byte pairs within words, no token for a text's beginning or end, padding at the right. Gives the
/// ids of the Hugging Face <c>Qwen2Tokenizer</c>.
/// </summary>
public sealed class Qwen2Tokenizer : PromptTokenizer
{
    /// <summary>Tokens that diffusers' pipelines with a Qwen3 encoder read of each prompt, unless another length is asked for.</summary>
    public const int PipelineLength = 512;

    private readonly Qwen2Vocabulary _vocabulary;
    private readonly ChatTemplate? _template;
    private readonly AddedTokenSplitter _added;
    private readonly int _padding;

    private readonly bool _pads;

    private static readonly TokenPlace Padding = new(TokenRole.Padding, null);

    private Qwen2Tokenizer(Qwen2Vocabulary vocabulary, int padding, int length, ChatTemplate? template, bool pads)
        : base(length)
    {
        (_vocabulary, _padding, _template, _pads) = (vocabulary, padding, template, pads);
        _added = new AddedTokenSplitter(vocabulary.Added);
    }

    private protected override int Dropped => _template?.Dropped ?? 0;

    /// <inheritdoc/>
    public override string Description => $"Qwen2Tokenizer: {VocabularySize} pieces, {ModelMaxLength} tokens, "
        + (_template is null ? "" : $"as a user's message in {_template.Name}, ")
        + (Dropped == 0 ? "" : $"of whose tokens the first {Dropped} are dropped after encoding, ")
        + (_pads ? $"filled up with {_vocabulary.Pieces[_padding]}" : "not filled up");

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Pieces.Count;

    /// <summary>
    /// Reads a tokenizer's folder as transformers writes it: <c>tokenizer.json</c>, or <c>vocab.json</c> and <c>merges.txt</c>, with the
    /// configs beside them. A text is taken as it stands.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">Tokens in each prompt, padding included, 1 or more.</param>
    /// <exception cref="BadInputException">A file is missing or malformed, or they are no Qwen2 tokenizer's.</exception>
    public static Qwen2Tokenizer FromFolder(string folder, int length = PipelineLength) => FromFolder(folder, length, template: null);

    /// <summary>The same, for prompts that become a user's message in a chat.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="length">Tokens in each prompt at most, 1 or more.</param>
    /// <param name="template">What is made of a prompt; null: it stays as it is.</param>
    /// <param name="pads">Whether shorter prompts are padded to that length.</param>
    /// <exception cref="BadInputException">As above; or the folder's chat template is not Qwen3's.</exception>
    internal static Qwen2Tokenizer FromFolder(string folder, int length, ChatTemplate? template, bool pads = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Qwen2Vocabulary vocabulary = Qwen2Vocabulary.Read(folder);
        if (template is not null)
        {
            template.RequireIn(folder);
        }

        Qwen2Tokenizer tokenizer = new(vocabulary, PaddingOf(folder, vocabulary), length, template, pads);
        return template is not { Dropped: > 0 and int dropped } || tokenizer.Ids(template.Render("")).Count() is int all && all > dropped
            ? tokenizer
            : throw new BadInputException(
                $"{folder}: makes {tokenizer.Ids(template.Render("")).Count()} tokens of {template.Name}, of which the first {dropped} are "
                + "dropped; it is not the tokenizer of that pipeline");
    }

    /// <summary>
    /// The prompt's ids, in its chat template where the pipeline has one, padded to <see cref="PromptTokenizer.ModelMaxLength"/>. Of a
    /// longer one the first are kept, and nothing is put at their end.
    /// </summary>
    /// <exception cref="BadInputException">The text is not ASCII and this runtime has no ICU.</exception>
    public override TokenizedPrompt Encode(string text)
    {
        TextToken[] all = [.. Tokens(_template?.Render(text) ?? text)];
        int[] written = [.. all.Take(ModelMaxLength).Select(token => token.Id)];
        TokenizedPrompt prompt = _pads
            ? Padded(written, _padding, _vocabulary.Pieces)
            : new TokenizedPrompt(written, [.. written.Select(id => _vocabulary.Pieces[id])], [.. written.Select(_ => 1)]);
        return prompt with
        {
            Text = text,
            Places = [.. prompt.Ids.Select((_, position) => position < written.Length ? PlaceOf(all[position].Span, text) : Padding)],
            Kept = Dropped == 0 ? null : [.. Enumerable.Range(Dropped, written.Length - Dropped)],
            Cut = all.Length <= ModelMaxLength ? null : CutOf(text, [.. all.Select(token => token.Id)]),
        };
    }

    internal override TokenizedPrompt Lengthened(TokenizedPrompt prompt, int positions)
    {
        int more = positions - prompt.Ids.Count;
        return prompt with
        {
            Ids = [.. prompt.Ids, .. Enumerable.Repeat(_padding, more)],
            Pieces = [.. prompt.Pieces, .. Enumerable.Repeat(_vocabulary.Pieces[_padding], more)],
            Mask = [.. prompt.Mask, .. Enumerable.Repeat(0, more)],
            Places = [.. prompt.Places, .. Enumerable.Repeat(Padding, more)],
        };
    }

    /// <summary>A token that holds a character of the template is the template's, whatever of the prompt runs into it.</summary>
    private TokenPlace PlaceOf(TextSpan rendered, string text)
    {
        int before = _template?.Before.Length ?? 0;
        TextSpan span = new(rendered.Start - before, rendered.End - before);
        return new TokenPlace(
            span.Start < 0 ? TokenRole.Head : span.End > text.Length ? TokenRole.Tail : TokenRole.Prompt,
            span.End <= 0 || span.Start >= text.Length ? null : new(Math.Max(span.Start, 0), Math.Min(span.End, text.Length)));
    }

    /// <summary>What of a prompt is not read: of the template nothing is counted.</summary>
    private PromptCut? CutOf(string text, int[] all)
    {
        int before = _template is null ? 0 : Ids(_template.Before).Count(), length = Ids(text).Count();
        int read = Math.Clamp(ModelMaxLength - before, 0, length);
        string unread = TextOf(all.Skip(before + read).Take(length - read).Select(id => _vocabulary.Pieces[id]));
        return read == length ? null : new PromptCut(read, length, unread.Trim());
    }

    /// <summary>All ids of a text as it stands.</summary>
    internal IEnumerable<int> Ids(string text) => Tokens(text).Select(token => token.Id);

    private IEnumerable<TextToken> Tokens(string text)
        => _added.Split(AlignedText.Of(text), ClipWords.Compose).SelectMany(stretch => stretch.Tokens(WordTokens));

    private IEnumerable<TextToken> WordTokens(AlignedText normalText)
        => Qwen2Words.Split(normalText).SelectMany(word => word.TokensOfBytes(
            _vocabulary.Pairs.Encode(Encoding.UTF8.GetBytes(word.Text)), id => _vocabulary.Pieces[id].Length));

    private static int PaddingOf(string folder, Qwen2Vocabulary vocabulary)
    {
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        ConfigReader reader = new(ConfigFile.ReadObject(configPath), configPath);
        reader.Only("padding_side", "right");
        reader.Only("truncation_side", "right");
        reader.Only("add_prefix_space", "false");
        return TokenizerFolder.SpecialToken(folder, "pad_token", "<|endoftext|>", vocabulary.Added);
    }
}
