using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>One attention over the tokens of text and image, each with maps of its own (MMDiT, arXiv 2403.03206).</summary>
internal sealed class JointAttention : nn.Module
{
    private readonly HeadProjection _image, _text;
    private readonly IReadOnlyList<Linear> _imageOut;
    private readonly Linear? _textOut;

    public JointAttention(JointBlockShape shape, Placement placement)
        : base(nameof(JointAttention))
    {
        _image = HeadProjection.OfImage(this, shape, placement);
        _text = HeadProjection.OfText(this, shape, placement);
        _imageOut = this.AddList("to_out", [new Linear(shape.Width, shape.Width, placement)]);
        _textOut = shape.EndsText ? null : this.Add("to_add_out", new Linear(shape.Width, shape.Width, placement));
    }

    /// <param name="states">Normed tokens of both streams.</param>
    /// <param name="positions">Where the text's tokens, then the image's, are; null: the tokens themselves say so.</param>
    /// <param name="mask">Rows of the text that nothing attends to; null: none.</param>
    /// <returns>What both attended to; no text where its stream ends.</returns>
    public JointStates forward(JointStates states, RotaryPositions? positions, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor image, Tensor text) = (states.Image, states.Text);

        // Where the text's stream ends, nobody asks for it.
        Tensor query = _textOut is null ? _image.Query(image) : cat([_text.Query(text), _image.Query(image)], 2);
        Tensor key = cat([_text.Key(text), _image.Key(image)], 2), value = cat([_text.Value(text), _image.Value(image)], 2);
        Tensor mixed = HeadAttention.Attend(Turned(query, positions), Turned(key, positions), value, mask);
        Tensor imageOut = _imageOut[0].forward(mixed.narrow(1, mixed.shape[1] - image.shape[1], image.shape[1]));
        Tensor textOut = _textOut is null ? text.alias() : _textOut.forward(mixed.narrow(1, 0, text.shape[1]));
        return new JointStates(imageOut.MoveToOuterDisposeScope(), textOut.MoveToOuterDisposeScope());
    }

    private static Tensor Turned(Tensor heads, RotaryPositions? positions) => positions is null ? heads : positions.Turn(heads);
}
