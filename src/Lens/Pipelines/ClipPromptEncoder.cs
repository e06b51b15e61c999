using DiffusionLens.Families;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A CLIP text encoder, with or without a projection of its pooled vector.</summary>
internal sealed class ClipPromptEncoder : PromptEncoder
{
    private readonly LazyNetwork<ClipTextModel> _network;
    private ClipTextHead? _head;

    private ClipPromptEncoder(ClipTokenizer tokenizer, Placement placement, LazyNetwork<ClipTextModel> network)
        : base(tokenizer, placement, masksPadding: false) => _network = network;

    public override bool IsLoaded => _network.IsLoaded;

    private ClipTextHead Head => _head ??= _network.Value.CopyHead();

    /// <summary>Reads and checks the encoder and its tokenizer.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">Which encoder.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="options">Which files are taken, and what is done to prompts first.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or they do not fit each other.</exception>
    public static ClipPromptEncoder Read(ModelFolder folder, ClipPart part, Placement placement, LoadOptions options)
    {
        folder.RequireClass(part.Name, part.ClassName);
        ClipTextConfig config = part.Config(folder);
        ClipTokenizer tokenizer = part.ReadTokenizer(folder).With(options.Cleaning);
        RequireFit(folder, part.Name, tokenizer, config.VocabularySize);
        folder.RequireFit(
            tokenizer.ModelMaxLength <= config.Positions,
            $"the tokenizer of {part.Name} writes {tokenizer.ModelMaxLength} tokens, the text encoder reads {config.Positions}");
        return new ClipPromptEncoder(
            tokenizer, placement, new(folder, part.Name, at => part.Network(config, at), placement, options.Variant));
    }

    public override Tensor FinalNorm(Tensor state) => Head.FinalNorm(state);

    public override Tensor Pool(TokenizedPrompt tokens, Tensor state) => Head.Pool(state, tokens.Ids);

    public override void Free() => _network.Free();

    public override void Dispose()
    {
        _network.Dispose();
        _head?.Dispose();
    }

    private protected override TextTrace Trace(Tensor ids, Tensor? mask, int blocks, EncoderRun run)
    {
        _ = Head;
        return _network.Value.Trace(ids, blocks, run, mask);
    }
}
