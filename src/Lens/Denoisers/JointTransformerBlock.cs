using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of SD 3, and FLUX's with two streams: joint attention, then a feed-forward layer for each stream; shifts, scales and gates come
/// from the conditioning vector (diffusers: JointTransformerBlock, FluxTransformerBlock).
/// </summary>
internal sealed class JointTransformerBlock : nn.Module
{
    private const int ShiftScaleGateTwice = 6, ShiftScaleGateThrice = 9, ScaleShift = 2;

    private readonly AdaLayerNorm _imageNorm, _textNorm;
    private readonly JointAttention _joint;
    private readonly ImageSelfAttention? _self;
    private readonly TanhFeedForward _imageFeedForward;
    private readonly TanhFeedForward? _textFeedForward;

    public JointTransformerBlock(JointBlockShape shape, Placement placement)
        : base(nameof(JointTransformerBlock))
    {
        int width = shape.Width;
        _imageNorm = this.Add("norm1", new AdaLayerNorm(width, shape.IsDual ? ShiftScaleGateThrice : ShiftScaleGateTwice, placement));
        _textNorm = this.Add("norm1_context", new AdaLayerNorm(width, shape.EndsText ? ScaleShift : ShiftScaleGateTwice, placement));
        _joint = this.Add("attn", new JointAttention(shape, placement));
        _self = shape.IsDual ? this.Add("attn2", new ImageSelfAttention(shape, placement)) : null;
        _imageFeedForward = this.Add("ff", new TanhFeedForward(width, placement));
        _textFeedForward = shape.EndsText ? null : this.Add("ff_context", new TanhFeedForward(width, placement));
    }

    /// <param name="states">Both streams.</param>
    /// <param name="vector">The activated conditioning vector, <c>[B, width]</c>.</param>
    /// <param name="positions">Where the text's tokens, then the image's, are; null: the tokens themselves say so.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    /// <returns>Both streams; where the text's ends, it is as it came.</returns>
    public JointStates forward(JointStates states, Tensor vector, RotaryPositions? positions = null, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] ofImage = _imageNorm.Parts(vector), ofText = _textNorm.Parts(vector);
        (Tensor image, Tensor text) = (states.Image, states.Text);
        Tensor textNormed = _textFeedForward is null
            ? AdaLayerNorm.Modulated(text, shift: ofText[1], scale: ofText[0])
            : AdaLayerNorm.Modulated(text, shift: ofText[0], scale: ofText[1]);
        Tensor imageNormed = AdaLayerNorm.Modulated(image, shift: ofImage[0], scale: ofImage[1]);
        JointStates mixed = _joint.forward(new JointStates(imageNormed, textNormed), positions, mask);
        Tensor imageOut = image.Plus(ofImage[2].mul(mixed.Image));
        if (_self is not null)
        {
            Tensor seen = _self.forward(AdaLayerNorm.Modulated(image, shift: ofImage[6], scale: ofImage[7]));
            imageOut = imageOut.Plus(ofImage[8].mul(seen));
        }

        imageOut = WithFeedForward(imageOut, ofImage, _imageFeedForward);
        Tensor textOut = _textFeedForward is null
            ? text.alias()
            : WithFeedForward(text.Plus(ofText[2].mul(mixed.Text)), ofText, _textFeedForward);
        return new JointStates(imageOut.MoveToOuterDisposeScope(), textOut.MoveToOuterDisposeScope());
    }

    private static Tensor WithFeedForward(Tensor x, Tensor[] parts, TanhFeedForward feedForward)
        => x.Plus(parts[5].mul(feedForward.forward(AdaLayerNorm.Modulated(x, shift: parts[3], scale: parts[4]))));
}
