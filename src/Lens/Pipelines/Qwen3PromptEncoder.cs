using DiffusionLens.Families;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A Qwen3 encoder of which inner blocks are read; the blocks above them are neither loaded nor run.</summary>
internal sealed class Qwen3PromptEncoder : PromptEncoder
{
    private readonly LazyNetwork<Qwen3Model> _network;
    private RmsNorm? _finalNorm;

    private Qwen3PromptEncoder(Qwen2Tokenizer tokenizer, Placement placement, LazyNetwork<Qwen3Model> network)
        : base(tokenizer, placement, masksPadding: true) => _network = network;

    public override bool IsLoaded => _network.IsLoaded;

    private RmsNorm Norm => _finalNorm ??= _network.Value.CopyFinalNorm();

    /// <summary>Reads and checks the encoder and its tokenizer.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">The encoder.</param>
    /// <param name="blocks">The deepest block that is read of it.</param>
    /// <param name="length">Tokens of a prompt, at most.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="variant">Which files are taken.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or they do not fit each other.</exception>
    public static Qwen3PromptEncoder Read(ModelFolder folder, Qwen3Part part, int blocks, int length, Placement placement, string? variant)
    {
        Qwen3Config config = part.Config(folder);
        Qwen2Tokenizer tokenizer = part.ReadTokenizer(folder, length);
        RequireFit(folder, part.Name, tokenizer, config.VocabularySize);
        return new Qwen3PromptEncoder(
            tokenizer, placement, new(folder, part.Name, at => new Qwen3Model(config, blocks, at), placement, variant));
    }

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
