using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// A block of PixArt: the image attends to itself, then to the text, without norm or gate, then a feed-forward layer (diffusers:
/// BasicTransformerBlock with <c>ada_norm_single</c>): <c>[B, T, width] → [B, T, width]</c>.
/// </summary>
internal sealed class PixArtBlock : nn.Module
{
    private readonly Parameter _table;
    private readonly ImageSelfAttention _self;
    private readonly MaskedCrossAttention _cross;
    private readonly TanhFeedForward _feedForward;

    public PixArtBlock(PixArtTransformerConfig config, Placement placement)
        : base(nameof(PixArtBlock))
    {
        _table = this.AddParameter("scale_shift_table", placement, AdaLayerNormSingle.PartCount, config.Width);
        _self = this.Add("attn1", new ImageSelfAttention(config.SelfAttention, placement));
        _cross = this.Add("attn2", new MaskedCrossAttention(config.Width, config.HeadCount, placement));
        _feedForward = this.Add("ff", new TanhFeedForward(config.Width, placement));
    }

    /// <param name="x">The image's tokens, <c>[B, T, width]</c>.</param>
    /// <param name="time">What the time says.</param>
    /// <param name="text">The text's tokens, <c>[B, S, width]</c>.</param>
    /// <param name="mask">Tokens of the text that are not seen; null: all are.</param>
    public Tensor forward(Tensor x, TimeParts time, Tensor text, KeyMask? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = time.Of(_table);
        x = x.Plus(parts[2].mul(_self.forward(AdaLayerNorm.Modulated(x, shift: parts[0], scale: parts[1]))));
        x = x.Plus(_cross.forward(x, text, mask));
        x = x.Plus(parts[5].mul(_feedForward.forward(AdaLayerNorm.Modulated(x, shift: parts[3], scale: parts[4]))));
        return x.MoveToOuterDisposeScope();
    }
}
