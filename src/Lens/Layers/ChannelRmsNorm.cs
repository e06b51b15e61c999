using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// Every place's channels divided by their root mean square, then a learned scale and shift: <c>[B, C, H, W] → [B, C, H, W]</c>.
/// Half-precision values are normed in float32.
/// </summary>
internal sealed class ChannelRmsNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;

    private readonly Parameter _weight, _bias;

    public ChannelRmsNorm(int channels, Placement placement)
        : base(nameof(ChannelRmsNorm))
    {
        _weight = this.AddParameter("weight", placement, channels);
        _bias = this.AddParameter("bias", placement, channels);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exact = input.dtype == ScalarType.Float64 ? input : input.@float();
        Tensor size = exact.Squared().mean([1], keepdim: true).Plus(Epsilon).rsqrt();
        Tensor normed = exact.mul(size).to(_weight.dtype);
        return normed.mul(_weight.view(1, -1, 1, 1)).Plus(_bias.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
    }
}
