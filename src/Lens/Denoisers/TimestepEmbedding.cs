using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>Sinusoids of the timestep, then a two-layer MLP (diffusers: Timesteps, TimestepEmbedding).</summary>
internal sealed class TimestepEmbedding : nn.Module
{
    private readonly Linear _linear1, _linear2;
    private readonly Sinusoids _sinusoids;
    private readonly Func<Tensor, Tensor> _activation;

    public TimestepEmbedding(UNet2DConditionConfig config, Placement placement)
        : base(nameof(TimestepEmbedding))
    {
        _sinusoids = new Sinusoids(config.BlockOutChannels[0], config.FrequencyShift, config.CosineFirst);
        _activation = Activation.Named(config.Activation, "act_fn");
        _linear1 = this.Add("linear_1", new Linear(config.BlockOutChannels[0], config.TimeWidth, placement));
        _linear2 = this.Add("linear_2", new Linear(config.TimeWidth, config.TimeWidth, placement));
    }

    /// <summary>Sinusoids of timesteps <c>[B]</c>, 0..1000: <c>[B, C0]</c> in <paramref name="dtype"/>.</summary>
    public Tensor Sinusoids(Tensor timesteps, ScalarType dtype) => _sinusoids.Of(timesteps, dtype);

    /// <summary>The embedding of timesteps <c>[B]</c>: <c>[B, time width]</c>.</summary>
    public Tensor forward(Tensor timesteps, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor h = _activation(_linear1.forward(Sinusoids(timesteps, dtype)));
        return _linear2.forward(h).MoveToOuterDisposeScope();
    }
}
