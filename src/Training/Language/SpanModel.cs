using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Language;

/// <summary>The encoder with a decoder behind it, for the time of the pretraining.</summary>
internal sealed class SpanModel : nn.Module
{
    private readonly SpanDecoder _decoder;

    public SpanModel(T5Config config, Placement placement)
        : base(nameof(SpanModel))
    {
        Text = this.Add("text", new T5EncoderModel(config, placement));
        _decoder = this.Add("decoder", new SpanDecoder(config.VocabularySize, config.Width, DocumentBatch.LongestAnswer, placement));
    }

    public T5EncoderModel Text { get; }

    /// <summary>Logits of the answers' tokens, <c>[B, S, vocabulary]</c> float32.</summary>
    public Tensor Logits(DocumentBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        TextTrace trace = Text.Trace(batch.Ids, batch.Mask);
        using Scalar none = 0L;
        Tensor padding = batch.Mask.eq(none).unsqueeze(1).unsqueeze(1);
        return _decoder.forward(batch.Written, Text.FinalNorm(trace.HiddenStates[^1]), padding)
            .to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
