using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of Qwen-Image: joint attention, then a feed-forward layer for each stream; shifts, scales and gates come from the time
/// (diffusers: QwenImageTransformerBlock). It is SD 3's block under other names.
/// </summary>
internal sealed class QwenImageBlock : nn.Module
{
    private const int ShiftScaleGateTwice = 6;

    private readonly AdaLayerNorm _imageModulation, _textModulation;
    private readonly JointAttention _attention;
    private readonly TanhFeedForward _imageFeedForward, _textFeedForward;

    public QwenImageBlock(JointBlockShape shape, Placement placement)
        : base(nameof(QwenImageBlock))
    {
        // In the checkpoint the linear map comes after the activation, which is 0.
        _imageModulation = this.Add("img_mod", new AdaLayerNorm(shape.Width, ShiftScaleGateTwice, placement, name: "1"));
        _textModulation = this.Add("txt_mod", new AdaLayerNorm(shape.Width, ShiftScaleGateTwice, placement, name: "1"));
        _attention = this.Add("attn", new JointAttention(shape, placement));
        _imageFeedForward = this.Add("img_mlp", new TanhFeedForward(shape.Width, placement));
        _textFeedForward = this.Add("txt_mlp", new TanhFeedForward(shape.Width, placement));
    }

    /// <param name="states">Both streams.</param>
    /// <param name="time">The activated time embedding, <c>[B, width]</c>.</param>
    /// <param name="positions">Where the text's tokens, then the image's, are.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    public JointStates forward(JointStates states, Tensor time, RotaryPositions positions, KeyMask? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] ofImage = _imageModulation.Parts(time), ofText = _textModulation.Parts(time);
        JointStates mixed = _attention.forward(
            new JointStates(Normed(states.Image, ofImage), Normed(states.Text, ofText)), positions, mask);
        Tensor image = WithFeedForward(states.Image.Plus(ofImage[2].mul(mixed.Image)), ofImage, _imageFeedForward);
        Tensor text = WithFeedForward(states.Text.Plus(ofText[2].mul(mixed.Text)), ofText, _textFeedForward);
        return new JointStates(image.MoveToOuterDisposeScope(), text.MoveToOuterDisposeScope());
    }

    private static Tensor Normed(Tensor x, Tensor[] parts) => AdaLayerNorm.Modulated(x, shift: parts[0], scale: parts[1]);

    private static Tensor WithFeedForward(Tensor x, Tensor[] parts, TanhFeedForward feedForward)
        => x.Plus(parts[5].mul(feedForward.forward(AdaLayerNorm.Modulated(x, shift: parts[3], scale: parts[4]))));
}
