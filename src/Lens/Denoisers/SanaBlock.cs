using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of SANA (arXiv 2410.10629): the image attends to itself, linearly, then to the text, without norm or gate, then a feed-forward
/// layer that looks at neighboring tokens: <c>[B, T, width] → [B, T, width]</c>.
/// </summary>
internal sealed class SanaBlock : nn.Module
{
    private const double CrossNormEpsilon = 1e-5;

    private readonly Parameter _table;
    private readonly SanaSelfAttention _self;
    private readonly MaskedCrossAttention _cross;
    private readonly MixFeedForward _feedForward;
    private readonly double _epsilon;

    public SanaBlock(SanaTransformerConfig config, Placement placement)
        : base(nameof(SanaBlock))
    {
        _epsilon = config.NormEpsilon;
        _table = this.AddParameter("scale_shift_table", placement, AdaLayerNormSingle.PartCount, config.Width);
        _self = this.Add("attn1", new SanaSelfAttention(config, placement));
        _cross = this.Add("attn2", new MaskedCrossAttention(
            config.Width, config.CrossHeadCount, placement, config.NormsQueries ? CrossNormEpsilon : null));
        _feedForward = this.Add("ff", new MixFeedForward(config.Width, config.InnerWidth, norms: false, placement));
    }

    /// <param name="x">The image's tokens, row by row, <c>[B, T, width]</c>.</param>
    /// <param name="rows">How many rows they make.</param>
    /// <param name="time">What the time says.</param>
    /// <param name="text">The text's tokens, <c>[B, S, width]</c>.</param>
    /// <param name="mask">Tokens of the text that are not seen; null: all are.</param>
    public Tensor forward(Tensor x, long rows, TimeParts time, Tensor text, KeyMask? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = time.Of(_table);
        x = x.Plus(parts[2].mul(_self.forward(AdaLayerNorm.Modulated(x, shift: parts[0], scale: parts[1], _epsilon))));
        x = x.Plus(_cross.forward(x, text, mask));
        Tensor grid = AdaLayerNorm.Modulated(x, shift: parts[3], scale: parts[4], _epsilon).transpose(1, 2).unflatten(2, rows, -1);
        x = x.Plus(parts[5].mul(_feedForward.forward(grid).flatten(2).transpose(1, 2)));
        return x.MoveToOuterDisposeScope();
    }
}
