using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Transformer blocks over an image's positions, projected in and out and residual (diffusers: Transformer2DModel):
/// <c>[B, C, H, W] → [B, C, H, W]</c>. SD 1.x projects by a 1×1 convolution before flattening, SD 2.x and XL by a linear map after it.
/// </summary>
internal sealed class Transformer2DModel : ImageAttention
{
    private const double Epsilon = 1e-6;

    private readonly GroupNorm _norm;
    private readonly nn.Module<Tensor, Tensor> _in, _out;
    private readonly IReadOnlyList<BasicTransformerBlock> _blocks;
    private readonly bool _linear;

    public Transformer2DModel(int channels, int heads, int depth, UNet2DConditionConfig config, Placement placement)
        : base(nameof(Transformer2DModel))
    {
        _linear = config.LinearProjection;
        _norm = this.Add("norm", new GroupNorm(config.NormGroups, channels, Epsilon, placement));
        _in = this.Add("proj_in", Projection());
        _blocks = this.AddList(
            "transformer_blocks", Enumerable.Range(0, depth).Select(_ => new BasicTransformerBlock(channels, heads, config, placement)));
        _out = this.Add("proj_out", Projection());

        nn.Module<Tensor, Tensor> Projection()
            => _linear ? new Linear(channels, channels, placement) : new Conv2d(channels, channels, 1, placement);
    }

    public override IEnumerable<ITextAttention> Crosses => _blocks.Select(block => block.Cross);

    public override Tensor forward(Tensor input, CrossAttentionStates text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _norm.forward(input);
        Tensor tokens = _linear ? _in.forward(ToTokens(h)) : ToTokens(_in.forward(h));
        foreach (BasicTransformerBlock block in _blocks)
        {
            tokens = block.forward(tokens, text);
        }

        h = _linear ? ToImage(_out.forward(tokens)) : _out.forward(ToImage(tokens));
        return input.Plus(h).MoveToOuterDisposeScope();

        Tensor ToImage(Tensor x) => x.transpose(1, 2).reshape(input.shape);
    }

    private static Tensor ToTokens(Tensor x) => x.flatten(2).transpose(1, 2);
}
