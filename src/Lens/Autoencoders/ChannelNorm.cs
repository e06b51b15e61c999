using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// Every pixel's channels divided by their length, then times √C and a learned scale: <c>[B, C, H, W] → [B, C, H, W]</c> (diffusers:
/// QwenImageRMS_norm). There is no shift.
/// </summary>
internal sealed class ChannelNorm : nn.Module<Tensor, Tensor>
{
    private const double Least = 1e-12;

    private readonly Parameter _scale;
    private readonly double _root;

    /// <param name="channels">C.</param>
    /// <param name="ofVideo">Whether the checkpoint's scale has an axis for time, <c>[C, 1, 1, 1]</c>, or not, <c>[C, 1, 1]</c>.</param>
    /// <param name="placement">Where and in which type.</param>
    public ChannelNorm(int channels, bool ofVideo, Placement placement)
        : base(nameof(ChannelNorm))
    {
        _scale = ofVideo ? this.AddParameter("gamma", placement, channels, 1, 1, 1) : this.AddParameter("gamma", placement, channels, 1, 1);
        _root = Math.Sqrt(channels);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar least = Least;
        Tensor length = input.norm(1, keepdim: true, p: 2).clamp_min(least);
        return input.div(length).Times(_root).mul(_scale.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
