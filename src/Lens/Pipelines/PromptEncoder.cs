using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// A text encoder of a model's folder with its tokenizer. Its network is in memory while prompts are encoded; what comes after its blocks,
/// a few numbers, stays when it is freed.
/// </summary>
internal abstract class PromptEncoder : IDisposable
{
    private readonly PromptTokenizer _tokenizer;
    private readonly Placement _placement;
    private readonly bool _masksPadding;

    /// <param name="tokenizer">Reads its prompts.</param>
    /// <param name="placement">Where the network is.</param>
    /// <param name="masksPadding">Whether the family gives the network a mask that hides padding.</param>
    private protected PromptEncoder(PromptTokenizer tokenizer, Placement placement, bool masksPadding)
        => (_tokenizer, _placement, _masksPadding) = (tokenizer, placement, masksPadding);

    /// <summary>How many tokens are read of each text.</summary>
    public int Length => _tokenizer.ModelMaxLength;

    /// <summary>Whether the network is in memory.</summary>
    public abstract bool IsLoaded { get; }

    /// <summary>The text as it is read.</summary>
    public TokenizedPrompt Tokenize(string text) => _tokenizer.Encode(text);

    /// <summary>The same with another number of tokens.</summary>
    public TokenizedPrompt Tokenize(string text, int length) => _tokenizer.WithLength(length).Encode(text);

    /// <summary>The text's states, h^0 to that of the last of <paramref name="blocks"/>.</summary>
    public EncoderStates Encode(TokenizedPrompt prompt, int blocks, EncoderRun run)
    {
        TokenizedPrompt tokens = prompt.Ids.Count < run.Positions ? _tokenizer.Lengthened(prompt, run.Positions) : prompt;
        using Tensor ids = tokens.IdRow(_placement.Device);
        using Tensor? mask = run.MasksPadding(_masksPadding) ? tokens.MaskRow(_placement.Device) : null;
        return new EncoderStates(tokens, Trace(ids, mask, blocks, run).HiddenStates);
    }

    /// <summary>ln_f: <c>[..., width] → [..., width]</c>.</summary>
    public abstract Tensor FinalNorm(Tensor state);

    /// <summary>The pooled vector of a state, <c>[1, T, width] → [1, pooled width]</c>.</summary>
    public virtual Tensor Pool(TokenizedPrompt tokens, Tensor state)
        => throw new NotSupportedException("Nothing is pooled of this encoder.");

    /// <summary>Gives the network's memory back, until a prompt is encoded again.</summary>
    public abstract void Free();

    public abstract void Dispose();

    /// <param name="ids">The prompt's ids, <c>[1, T]</c>.</param>
    /// <param name="mask">1 for tokens, 0 for padding, which is not attended to, <c>[1, T]</c>; null: it is.</param>
    /// <param name="blocks">How many blocks are to be run.</param>
    /// <param name="run">How.</param>
    private protected abstract TextTrace Trace(Tensor ids, Tensor? mask, int blocks, EncoderRun run);

    /// <exception cref="BadInputException">The tokenizer is not the encoder's.</exception>
    private protected static void RequireFit(ModelFolder folder, string part, PromptTokenizer tokenizer, int rows)
        => folder.RequireFit(
            tokenizer.VocabularySize <= rows,
            $"the tokenizer of {part} has {tokenizer.VocabularySize} pieces, the text encoder rows for {rows}");
}
