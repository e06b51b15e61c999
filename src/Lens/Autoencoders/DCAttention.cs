using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>
/// Linear attention at several scales (diffusers: SanaMultiscaleLinearAttention): queries, keys and values of every place, and the same
/// mixed with its neighbors', each cut into heads; <c>[B, C, H, W] → [B, C, H, W]</c>.
/// </summary>
internal sealed class DCAttention : nn.Module<Tensor, Tensor>
{
    private const int Roles = 3;

    private readonly Linear _query, _key, _value, _out;
    private readonly IReadOnlyList<Neighbors> _scales;
    private readonly ChannelRmsNorm _norm;
    private readonly int _headWidth;

    public DCAttention(int channels, int headWidth, IReadOnlyList<int> kernels, Placement placement)
        : base(nameof(DCAttention))
    {
        int heads = channels / headWidth, inner = heads * headWidth;
        _headWidth = headWidth;
        _query = this.Add("to_q", new Linear(channels, inner, placement, bias: false));
        _key = this.Add("to_k", new Linear(channels, inner, placement, bias: false));
        _value = this.Add("to_v", new Linear(channels, inner, placement, bias: false));
        _scales = this.AddList(
            "to_qkv_multiscale", kernels.Select(kernel => new Neighbors(Roles * inner, Roles * heads, kernel, placement)));
        _out = this.Add("to_out", new Linear(inner * (1 + kernels.Count), channels, placement, bias: false));
        _norm = this.Add("norm_out", new ChannelRmsNorm(channels, placement));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (long height, long width) = (input.shape[2], input.shape[3]);
        Tensor places = input.permute(0, 2, 3, 1);
        Tensor own = cat([_query.forward(places), _key.forward(places), _value.forward(places)], -1).permute(0, 3, 1, 2);
        Tensor all = cat([own, .. _scales.Select(scale => scale.forward(own))], 1);

        // A head's query, key and value are neighboring channels, whatever the linear maps that made them are called.
        Tensor[] roles = all.reshape(all.shape[0], -1, Roles * _headWidth, height * width).chunk(Roles, 2);
        Tensor mixed = LinearAttention.Attend(roles[0], roles[1], roles[2]).flatten(1, 2).unflatten(2, height, width);
        return _norm.forward(_out.forward(mixed.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)).MoveToOuterDisposeScope();
    }

    /// <summary>A depthwise convolution, then one of 1×1 within heads.</summary>
    private sealed class Neighbors : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _in, _out;

        public Neighbors(int channels, int groups, int kernel, Placement placement)
            : base(nameof(Neighbors))
        {
            _in = this.Add(
                "proj_in", new Conv2d(channels, channels, kernel, placement, padding: kernel / 2, groups: channels, bias: false));
            _out = this.Add("proj_out", new Conv2d(channels, channels, 1, placement, groups: groups, bias: false));
        }

        public override Tensor forward(Tensor input)
        {
            using Tensor near = _in.forward(input);
            return _out.forward(near);
        }
    }
}
