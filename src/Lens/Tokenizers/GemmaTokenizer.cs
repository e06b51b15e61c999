using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// Gemma's tokenizer as SANA's pipeline uses it: prompts in lower case and stripped, <c>&lt;bos&gt;</c>, nothing at the end, padding at the
/// right; an instruction may stand before the prompt, which is read but not kept. Gives the ids of the Hugging Face class that the model
/// asks for.
/// </summary>
public sealed class GemmaTokenizer : PromptTokenizer
{
    /// <summary>Tokens that SANA's pipeline keeps of each prompt, unless another length is asked for.</summary>
    public const int PipelineLength = 300;

    // Where an instruction is, seen from the prompt.
    private static readonly TextSpan Outside = new(-1, 0);

    private readonly GemmaVocabulary _vocabulary;
    private readonly string? _instruction;
    private readonly int _start, _padding, _instructionLength;

    private GemmaTokenizer(GemmaVocabulary vocabulary, string folder, int length, string? instruction)
        : base(length)
    {
        (_vocabulary, _instruction) = (vocabulary, instruction);
        _start = TokenizerFolder.SpecialToken(folder, "bos_token", "<bos>", vocabulary.Added);
        _padding = TokenizerFolder.SpecialToken(folder, "pad_token", "<pad>", vocabulary.Added);
        _instructionLength = LengthOf(instruction);
    }

    private GemmaTokenizer(GemmaTokenizer other, string? instruction)
        : base(other.ModelMaxLength)
    {
        (_vocabulary, _start, _padding, _instruction) = (other._vocabulary, other._start, other._padding, instruction);
        _instructionLength = LengthOf(instruction);
    }

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Pieces.Count;

    /// <inheritdoc/>
    public override string Description => $"GemmaTokenizer, {_vocabulary.Source}: {VocabularySize} pieces, {ModelMaxLength} tokens, "
        + (_instruction is null ? "" : $"kept of {RowLength} with an instruction of {_instructionLength} before the prompt, ")
        + $"filled up with {_vocabulary.Pieces[_padding]}, lower case";

    /// <summary>Tokens that the encoder reads of a prompt: more than are kept where there is an instruction.</summary>
    public int RowLength => _instruction is null ? ModelMaxLength : _instructionLength + ModelMaxLength - 2;

    /// <summary>Reads a tokenizer's folder as transformers writes it.</summary>
    /// <param name="folder">The folder: <c>tokenizer.json</c> or <c>tokenizer.model</c>, and the configs beside it.</param>
    /// <param name="length">Tokens that are kept of each prompt, padding included, 2 or more.</param>
    /// <param name="instruction">What stands before a prompt, with nothing between; null: nothing.</param>
    /// <param name="className">
    /// The class that the model's <c>model_index.json</c> names, <c>GemmaTokenizer</c> or <c>GemmaTokenizerFast</c>; null: that of the
    /// config. Of both files, the fast one takes the first, the other one the second.
    /// </param>
    /// <exception cref="BadInputException">A file is missing or malformed, or they are no Gemma tokenizer's.</exception>
    public static GemmaTokenizer FromFolder(
        string folder, int length = PipelineLength, string? instruction = null, string? className = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        string configPath = Path.Combine(folder, TokenizerFolder.Config);
        ConfigReader config = new(ConfigFile.ReadObject(configPath), configPath);
        config.Only("add_bos_token", "true");
        config.Only("add_eos_token", "false");
        bool isFast = TokenizerFolder.IsFast(className ?? config.Text("tokenizer_class", ""));
        return new GemmaTokenizer(GemmaVocabulary.Read(folder, isFast), folder, length, instruction);
    }

    /// <summary>
    /// The prompt's tokens that are kept, padded to <see cref="PromptTokenizer.ModelMaxLength"/>: <c>&lt;bos&gt;</c> and the prompt's;
    /// of an instruction only its last blank, and that where the prompt's first word does not swallow it. Of a longer prompt the first
    /// tokens.
    /// </summary>
    public override TokenizedPrompt Encode(string text)
    {
        if (_instruction is null)
        {
            return Plain(text);
        }

        AlignedText whole = new AlignedText.Builder().Append(_instruction, Outside).Append(Prepared(text)).ToText();
        return Row(text, whole, [0, .. Enumerable.Range(_instructionLength - 1, ModelMaxLength - 1)], RowLength);
    }

    /// <summary>The same without an instruction, as negative prompts are read.</summary>
    internal TokenizedPrompt Plain(string text)
        => Row(text, Prepared(text), [.. Enumerable.Range(0, ModelMaxLength)], ModelMaxLength);

    /// <summary>All ids of a text as it stands, <c>&lt;bos&gt;</c> first.</summary>
    internal IEnumerable<int> Ids(string text) => _vocabulary.Tokens(AlignedText.Of(text)).Select(token => token.Id).Prepend(_start);

    /// <inheritdoc/>
    internal override PromptTokenizer With(string? instruction) => new GemmaTokenizer(this, instruction);

    private int LengthOf(string? instruction)
        => instruction is null ? 0 : 1 + _vocabulary.Tokens(AlignedText.Of(instruction)).Count();

    private protected override string TextOf(IEnumerable<string> pieces)
        => string.Concat(pieces).Replace(UnigramText.Space, " ", StringComparison.Ordinal);

    /// <param name="prompt">As it was given.</param>
    /// <param name="whole">What of it is read, an instruction before it included.</param>
    /// <param name="columns">Which are kept.</param>
    /// <param name="length">How many tokens are read, padding included.</param>
    private TokenizedPrompt Row(string prompt, AlignedText whole, int[] columns, int length)
    {
        TextToken[] all = [new(_start, Outside), .. _vocabulary.Tokens(whole)];
        int read = Math.Min(all.Length, length), room = ModelMaxLength - 1;
        int[] row = [.. all.Take(length).Select(token => token.Id), .. Enumerable.Repeat(_padding, length - read)];
        int[] mask = [.. Enumerable.Range(0, length).Select(column => column < read ? 1 : 0)];
        int[] text = [.. all[columns[1]..].Select(token => token.Id)];
        return new TokenizedPrompt(
            [.. columns.Select(column => row[column])],
            [.. columns.Select(column => _vocabulary.Pieces[row[column]])],
            [.. columns.Select(column => mask[column])])
        {
            Text = prompt,
            Row = columns.Length == length ? null : new EncodedRow(row, mask, columns),
            Places = [.. columns.Select(column => column < read ? PlaceOf(column, all[column].Span) : new(TokenRole.Padding, null))],
            Cut = text.Length <= room
                ? null
                : new PromptCut(room, text.Length, TextOf(text.Skip(room).Select(id => _vocabulary.Pieces[id])).Trim()),
        };
    }

    /// <summary>Of the instruction is what holds no character of the prompt: a first word swallows the blank before it.</summary>
    private static TokenPlace PlaceOf(int column, TextSpan span)
        => column == 0 ? new(TokenRole.Start, null)
            : span.End <= 0 ? new(TokenRole.Head, null)
            : new(TokenRole.Prompt, span with { Start = Math.Max(span.Start, 0) });

    private static AlignedText Prepared(string text) => PythonText.Strip(PythonText.Lower(AlignedText.Of(text)));
}
