using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>Sinusoids of the timestep, then a two-layer MLP (diffusers: Timesteps, TimestepEmbedding).</summary>
internal sealed class TimestepEmbedding : nn.Module
{
    private const double LongestPeriod = 10_000;

    private readonly Linear _linear1, _linear2;
    private readonly UNet2DConditionConfig _config;
    private readonly Func<Tensor, Tensor> _activation;

    public TimestepEmbedding(UNet2DConditionConfig config, Placement placement)
        : base(nameof(TimestepEmbedding))
    {
        _config = config;
        _activation = Activation.Named(config.Activation, "act_fn");
        _linear1 = this.Add("linear_1", new Linear(config.BlockOutChannels[0], config.TimeWidth, placement));
        _linear2 = this.Add("linear_2", new Linear(config.TimeWidth, config.TimeWidth, placement));
    }

    /// <summary>
    /// Sines and cosines of <c>t · 10000^(-i / (half - shift))</c>. Half-precision networks get them from float32, in which diffusers
    /// computes them always; a float64 network gets them from float64.
    /// </summary>
    /// <param name="timesteps">One for each sample, <c>[B]</c>, 0..1000, fractions allowed.</param>
    /// <param name="dtype">The network's type.</param>
    /// <returns><c>[B, C0]</c> in <paramref name="dtype"/>.</returns>
    public Tensor Sinusoids(Tensor timesteps, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType exact = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        int half = _config.BlockOutChannels[0] / 2;
        Tensor exponents = arange(half, dtype: exact, device: timesteps.device)
            .Times(-Math.Log(LongestPeriod) / (half - _config.FrequencyShift));
        Tensor angles = timesteps.to(exact).unsqueeze(-1).mul(exponents.exp().unsqueeze(0));
        Tensor both = _config.CosineFirst ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        return both.to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The embedding of timesteps <c>[B]</c>: <c>[B, time width]</c>.</summary>
    public Tensor forward(Tensor timesteps, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _activation(_linear1.forward(Sinusoids(timesteps, dtype)));
        return _linear2.forward(h).MoveToOuterDisposeScope();
    }
}
