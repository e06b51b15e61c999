using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// Multi-head attention whose scores are not scaled but have a bias that depends on the distance between tokens (transformers:
/// T5Attention): <c>softmax(q kᵀ + bias) v</c>. The softmax of half-precision scores is taken in float32.
/// </summary>
internal sealed class T5Attention : nn.Module
{
    private readonly Linear _query, _key, _value, _output;
    private readonly Embedding? _distanceBias;
    private readonly T5Config _config;

    public T5Attention(T5Config config, bool holdsBias, Placement placement)
        : base(nameof(T5Attention))
    {
        _config = config;
        int inner = config.HeadCount * config.HeadWidth;
        _query = this.Add("q", new Linear(config.Width, inner, placement, bias: false));
        _key = this.Add("k", new Linear(config.Width, inner, placement, bias: false));
        _value = this.Add("v", new Linear(config.Width, inner, placement, bias: false));
        _output = this.Add("o", new Linear(inner, config.Width, placement, bias: false));
        _distanceBias = holdsBias
            ? this.Add("relative_attention_bias", new Embedding(config.DistanceBuckets, config.HeadCount, placement))
            : null;
    }

    /// <summary>The bias of each head for each pair of positions: <c>[1, heads, T, T]</c>. Only the first block has it.</summary>
    public Tensor DistanceBias(long length, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor positions = arange(length, ScalarType.Int64, device);
        Tensor distances = positions.unsqueeze(0).sub(positions.unsqueeze(1));
        Tensor bias = _distanceBias!.forward(Bucket(distances, _config));
        return bias.permute(2, 0, 1).unsqueeze(0).MoveToOuterDisposeScope();
    }

    /// <param name="input">Normed states, <c>[B, T, width]</c>.</param>
    /// <param name="bias"><c>[1 or B, heads, T, T]</c>.</param>
    public Tensor forward(Tensor input, Tensor bias)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = HeadAttention.Split(_query.forward(input), _config.HeadCount);
        Tensor key = HeadAttention.Split(_key.forward(input), _config.HeadCount);
        Tensor value = HeadAttention.Split(_value.forward(input), _config.HeadCount);
        Tensor scores = query.matmul(key.transpose(2, 3)).Plus(bias);
        Tensor weights = scores.dtype == ScalarType.Float64 ? scores.softmax(-1) : scores.@float().softmax(-1).to(value.dtype);
        Tensor mixed = weights.matmul(value).transpose(1, 2).flatten(2);
        return _output.forward(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Classes of distances: those to the left have the first half of the classes and those to the right the other; of each half, small
    /// distances have a class each, and greater ones share classes that widen logarithmically up to <see cref="T5Config.MaxDistance"/>.
    /// </summary>
    /// <param name="distances">Position attended to minus own position, int64, any shape.</param>
    /// <param name="config">How many classes and how far.</param>
    internal static Tensor Bucket(Tensor distances, T5Config config)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar none = 0L, least = 1L, side = config.DistanceBuckets / 2L, exact = config.DistanceBuckets / 4L;
        using Scalar farthest = (config.DistanceBuckets / 2L) - 1;
        double first = config.DistanceBuckets / 4;
        Tensor length = distances.abs();

        // In float32 as in transformers: a distance on the border of two classes falls where rounding puts it.
        Tensor logarithm = length.clamp_min(least).@float().Times(1 / first).log();
        Tensor widening = logarithm.Times(1 / Math.Log(config.MaxDistance / first)).Times(first).to(ScalarType.Int64)
            .Plus(exact).clamp_max(farthest);
        Tensor bucket = where(length.lt(exact), length, widening);
        return bucket.Plus(distances.gt(none).to(ScalarType.Int64).mul(side)).MoveToOuterDisposeScope();
    }
}
