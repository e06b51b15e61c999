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
    private readonly Placement _placement;
    private RmsNorm? _finalNorm;

    private Qwen3PromptEncoder(Qwen2Tokenizer tokenizer, Placement placement, LazyNetwork<Qwen3Model> network)
        : base(tokenizer, placement) => (_placement, _network) = (placement, network);

    private RmsNorm Norm => _finalNorm ??= _network.Value.CopyFinalNorm();

    /// <summary>Reads and checks the encoder and its tokenizer.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">The encoder.</param>
    /// <param name="blocks">The deepest block that is read of it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="variant">Which files are taken.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or they do not fit each other.</exception>
    public static Qwen3PromptEncoder Read(
        ModelFolder folder, string part, int blocks, Qwen2Tokenizer tokenizer, Placement placement, string? variant)
    {
        Qwen3Config config = ConfigOf(folder, part);
        RequireFit(folder, part, tokenizer, config.VocabularySize);
        return new Qwen3PromptEncoder(tokenizer, placement, new(folder, part, at => new Qwen3Model(config, blocks, at), placement, variant));
    }

    /// <exception cref="BadInputException">The part is of another class, or its config is missing or damaged.</exception>
    public static Qwen3Config ConfigOf(ModelFolder folder, string part)
    {
        folder.RequireClass(part, "Qwen3ForCausalLM", nameof(Qwen3Model));
        return Qwen3Config.Parse(folder.Config(part), folder.ConfigPath(part));
    }

    /// <summary>Its tokenizer, which renders prompts by a chat template.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">The tokenizer.</param>
    /// <param name="length">Tokens of a prompt, at most.</param>
    /// <param name="template">The pipeline's.</param>
    /// <param name="pads">Whether shorter prompts are padded.</param>
    /// <exception cref="BadInputException">It is missing, damaged, not Qwen2's, or has another chat template.</exception>
    public static Qwen2Tokenizer TokenizerOf(ModelFolder folder, string part, int length, ChatTemplate template, bool pads)
    {
        folder.RequireClass(part, "Qwen2TokenizerFast", nameof(Qwen2Tokenizer));
        return Qwen2Tokenizer.FromFolder(folder.PathOf(part), length, template, pads);
    }

    public override Tensor FinalNorm(Tensor state) => Norm.forward(state);

    public override void Free() => _network.Free();

    public override void Dispose()
    {
        _network.Dispose();
        _finalNorm?.Dispose();
    }

    private protected override IReadOnlyList<Tensor> Trace(TokenizedPrompt tokens, Tensor ids, int blocks)
    {
        _ = Norm;
        using Tensor mask = tensor([.. tokens.Mask.Select(bit => (long)bit)], [1, tokens.Mask.Count], device: _placement.Device);
        return _network.Value.Trace(ids, mask).HiddenStates;
    }
}
