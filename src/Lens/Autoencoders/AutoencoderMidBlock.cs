using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>Residual block, self-attention with one head, residual block; <c>[B, C, H, W] → [B, C, H, W]</c>.</summary>
internal sealed class AutoencoderMidBlock : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;

    private readonly IReadOnlyList<ResnetBlock2D> _resnets;
    private readonly IReadOnlyList<ImageAttention> _attentions;

    public AutoencoderMidBlock(int channels, ResnetOptions options, Placement placement)
        : base(nameof(AutoencoderMidBlock))
    {
        _attentions = this.AddList("attentions", [new ImageAttention(channels, options, placement)]);
        _resnets = this.AddList("resnets", Enumerable.Range(0, 2).Select(_ => new ResnetBlock2D(channels, channels, options, placement)));
    }

    /// <summary>What the residual blocks of an autoencoder share: no time embedding.</summary>
    public static ResnetOptions Resnets(AutoencoderKLConfig config) => new() { Groups = config.NormGroups, Epsilon = Epsilon };

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _attentions[0].forward(_resnets[0].forward(input, null));
        return _resnets[1].forward(h, null).MoveToOuterDisposeScope();
    }

    private sealed class ImageAttention : nn.Module<Tensor, Tensor>
    {
        private readonly GroupNorm _norm;
        private readonly Linear _query, _key, _value;
        private readonly IReadOnlyList<Linear> _output;

        public ImageAttention(int channels, ResnetOptions options, Placement placement)
            : base(nameof(ImageAttention))
        {
            _norm = this.Add("group_norm", new GroupNorm(options.Groups, channels, options.Epsilon, placement));
            _query = this.Add("to_q", new Linear(channels, channels, placement));
            _key = this.Add("to_k", new Linear(channels, channels, placement));
            _value = this.Add("to_v", new Linear(channels, channels, placement));
            _output = this.AddList("to_out", [new Linear(channels, channels, placement)]);
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor tokens = _norm.forward(input).flatten(2).transpose(1, 2);
            Tensor query = HeadAttention.Split(_query.forward(tokens), 1);
            Tensor key = HeadAttention.Split(_key.forward(tokens), 1);
            Tensor value = HeadAttention.Split(_value.forward(tokens), 1);
            Tensor mixed = _output[0].forward(HeadAttention.Attend(query, key, value));
            return input.Plus(mixed.transpose(1, 2).reshape(input.shape)).MoveToOuterDisposeScope();
        }
    }
}
