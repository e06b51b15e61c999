using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>An image's linear attention to itself (SANA): <c>[B, T, width] → [B, T, width]</c>.</summary>
internal sealed class SanaSelfAttention : nn.Module<Tensor, Tensor>
{
    private const double NormEpsilon = 1e-5;

    // Where float16 ends.
    private const double Largest = 65504;

    private readonly Linear _query, _key, _value;
    private readonly IReadOnlyList<Linear> _out;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly int _heads;

    public SanaSelfAttention(SanaTransformerConfig config, Placement placement)
        : base(nameof(SanaSelfAttention))
    {
        int width = config.Width;
        _heads = config.HeadCount;
        _query = this.Add("to_q", new Linear(width, width, placement, config.HasBiases));
        _key = this.Add("to_k", new Linear(width, width, placement, config.HasBiases));
        _value = this.Add("to_v", new Linear(width, width, placement, config.HasBiases));
        _out = this.AddList("to_out", [new Linear(width, width, placement)]);
        if (config.NormsQueries)
        {
            _queryNorm = this.Add("norm_q", new RmsNorm(width, NormEpsilon, placement));
            _keyNorm = this.Add("norm_k", new RmsNorm(width, NormEpsilon, placement));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = _query.forward(input), key = _key.forward(input), value = _value.forward(input);
        Tensor mixed = LinearAttention.Attend(Heads(_queryNorm, query), Heads(_keyNorm, key), Heads(null, value));
        Tensor output = _out[0].forward(mixed.flatten(1, 2).transpose(1, 2));
        return (output.dtype == ScalarType.Float16 ? output.ClampTo(-Largest, Largest) : output).MoveToOuterDisposeScope();
    }

    /// <summary><c>[B, T, width] → [B, heads, d, T]</c>, normed over all heads at once where there is a norm.</summary>
    private Tensor Heads(RmsNorm? norm, Tensor x)
        => (norm is null ? x : norm.forward(x)).transpose(1, 2).unflatten(1, _heads, -1);
}
