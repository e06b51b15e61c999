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

    private readonly GemmaVocabulary _vocabulary;
    private readonly string? _instruction;
    private readonly int _start, _padding, _instructionLength;

    private GemmaTokenizer(GemmaVocabulary vocabulary, string folder, int length, string? instruction)
        : base(length)
    {
        (_vocabulary, _instruction) = (vocabulary, instruction);
        _start = TokenizerFolder.SpecialToken(folder, "bos_token", vocabulary.Added);
        _padding = TokenizerFolder.SpecialToken(folder, "pad_token", vocabulary.Added);
        _instructionLength = instruction is null ? 0 : 1 + vocabulary.Ids(instruction).Count();
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
    /// The prompt's tokens that are kept, padded to <see cref="PromptTokenizer.ModelMaxLength"/>: <c>&lt;bos&gt;</c> and the prompt's; of an
    /// instruction only its last blank, and that where the prompt's first word does not swallow it. Of a longer prompt the first tokens.
    /// </summary>
    public override TokenizedPrompt Encode(string text) => Row(text).Kept;

    /// <summary>All that the encoder reads of a prompt.</summary>
    internal InstructedPrompt Row(string text)
    {
        if (_instruction is null)
        {
            return Plain(text);
        }

        int[] all = [_start, .. _vocabulary.Ids(_instruction + Prepared(text))];
        int[] row = [.. all.Take(RowLength), .. Enumerable.Repeat(_padding, Math.Max(RowLength - all.Length, 0))];
        int firstKept = _instructionLength - 1, read = Math.Min(all.Length, RowLength);
        int[] kept = [0, .. Enumerable.Range(firstKept, ModelMaxLength - 1)];
        TokenizedPrompt tokens = new(
            [.. kept.Select(column => row[column])],
            [.. kept.Select(column => _vocabulary.Pieces[row[column]])],
            [.. kept.Select(column => column < read ? 1 : 0)]);
        return new InstructedPrompt(
            row,
            [.. row.Select((_, column) => column < read ? 1 : 0)],
            kept,
            all.Length <= RowLength ? tokens : tokens with { Cut = CutOf(all[firstKept..]) });
    }

    /// <summary>The same without an instruction, as negative prompts are read.</summary>
    internal InstructedPrompt Plain(string text)
    {
        TokenizedPrompt tokens = Cut(
            [_start], [.. _vocabulary.Ids(Prepared(text))], _ => [], _padding, _vocabulary.Pieces, ModelMaxLength - 1);
        return new InstructedPrompt(tokens.Ids, tokens.Mask, [.. Enumerable.Range(0, ModelMaxLength)], tokens);
    }

    /// <summary>All ids of a text as it stands, <c>&lt;bos&gt;</c> first.</summary>
    internal IEnumerable<int> Ids(string text) => _vocabulary.Ids(Whole(text)).Prepend(_start);

    private protected override string TextOf(IEnumerable<string> pieces)
        => string.Concat(pieces).Replace(UnigramText.Space, " ", StringComparison.Ordinal);

    private PromptCut CutOf(int[] text)
    {
        int room = ModelMaxLength - 1;
        return new PromptCut(room, text.Length, TextOf(text.Skip(room).Select(id => _vocabulary.Pieces[id])).Trim());
    }

    private static string Prepared(string text) => PythonText.Strip(PythonText.Lower(Whole(text)));

    /// <summary>A surrogate without its partner is no character; it becomes U+FFFD.</summary>
    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
