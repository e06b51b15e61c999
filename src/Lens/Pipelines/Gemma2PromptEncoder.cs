using DiffusionLens.Families;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A Gemma 2 encoder, which is given the mask; an instruction may stand before prompts.</summary>
internal sealed class Gemma2PromptEncoder : PromptEncoder
{
    private readonly GemmaTokenizer _tokenizer;
    private readonly LazyNetwork<Gemma2Model> _network;
    private UnitOffsetRmsNorm? _finalNorm;

    private Gemma2PromptEncoder(GemmaTokenizer tokenizer, Placement placement, LazyNetwork<Gemma2Model> network)
        : base(tokenizer, placement, masksPadding: true) => (_tokenizer, _network) = (tokenizer, network);

    public override bool IsLoaded => _network.IsLoaded;

    private UnitOffsetRmsNorm Norm => _finalNorm ??= _network.Value.CopyFinalNorm();

    /// <summary>Reads and checks the encoder and its tokenizer.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">Which encoder.</param>
    /// <param name="length">How many tokens are kept of each prompt.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="options">Which files are taken, the instruction, and whether scores are soft-capped.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or they do not fit each other.</exception>
    public static Gemma2PromptEncoder Read(ModelFolder folder, Gemma2Part part, int length, Placement placement, LoadOptions options)
    {
        Gemma2Config config = part.Config(folder);
        GemmaTokenizer tokenizer = part.ReadTokenizer(folder, length, options.Instruction);
        RequireFit(folder, part.Name, tokenizer, config.VocabularySize);
        return new Gemma2PromptEncoder(
            tokenizer,
            placement,
            new(folder, part.Name, at => new Gemma2Model(config, options.SoftCapping, at), placement, options.Variant));
    }

    /// <summary>A text without an instruction before it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many tokens are kept.</param>
    public TokenizedPrompt TokenizePlain(string text, int length) => ((GemmaTokenizer)_tokenizer.WithLength(length)).Plain(text);

    public override Tensor FinalNorm(Tensor state) => Norm.forward(state);

    public override void Free() => _network.Free();

    public override void Dispose()
    {
        _network.Dispose();
        _finalNorm?.Dispose();
    }

    private protected override TextTrace Trace(Tensor ids, Tensor? mask, int blocks, EncoderRun run)
    {
        _ = Norm;
        return _network.Value.Trace(ids, mask, blocks, run);
    }
}
