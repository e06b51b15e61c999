using DiffusionLens.Families;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A T5 encoder that is given no mask: padding is attended to like any token (SD 3, FLUX).</summary>
internal sealed class T5PromptEncoder : PromptEncoder
{
    private readonly LazyNetwork<T5EncoderModel> _network;
    private RmsNorm? _finalNorm;

    private T5PromptEncoder(T5Tokenizer tokenizer, Placement placement, LazyNetwork<T5EncoderModel> network)
        : base(tokenizer, placement, masksPadding: false) => _network = network;

    public override bool IsLoaded => _network.IsLoaded;

    private RmsNorm Norm => _finalNorm ??= _network.Value.CopyFinalNorm();

    /// <summary>Reads and checks the encoder and its tokenizer.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">Which encoder.</param>
    /// <param name="length">How many tokens are read of each prompt.</param>
    /// <param name="placement">Where and in which type.</param>
    /// <param name="variant">Which files are taken.</param>
    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or they do not fit each other.</exception>
    public static T5PromptEncoder Read(ModelFolder folder, T5Part part, int length, Placement placement, string? variant)
    {
        folder.RequireClass(part.Name, nameof(T5EncoderModel));
        T5Config config = part.Config(folder);
        T5Tokenizer tokenizer = part.ReadTokenizer(folder, length);
        RequireFit(folder, part.Name, tokenizer, config.VocabularySize);
        return new T5PromptEncoder(tokenizer, placement, new(folder, part.Name, at => new T5EncoderModel(config, at), placement, variant));
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
