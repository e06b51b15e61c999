using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>Z-Image's embedding of time: sinusoids and a two-layer MLP, whose sizes no config changes.</summary>
internal sealed class ZImageTime : nn.Module
{
    private const int SinusoidCount = 256, InnerWidth = 1024;

    private readonly TimeMlp _mlp;

    public ZImageTime(ZImageTransformerConfig config, Placement placement)
        : base(nameof(ZImageTime)) => _mlp = this.Add("mlp", new TimeMlp(config, placement));

    /// <param name="timesteps">Scaled, <c>[B]</c>.</param>
    /// <param name="dtype">The network's.</param>
    /// <returns><c>[B, time width]</c>.</returns>
    public Tensor forward(Tensor timesteps, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        return _mlp.forward(new Sinusoids(SinusoidCount).Of(timesteps, dtype)).MoveToOuterDisposeScope();
    }

    private sealed class TimeMlp : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _in, _out;

        public TimeMlp(ZImageTransformerConfig config, Placement placement)
            : base(nameof(TimeMlp))
        {
            _in = this.Add("0", new Linear(SinusoidCount, InnerWidth, placement));
            _out = this.Add("2", new Linear(InnerWidth, config.TimeWidth, placement));
        }

        public override Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _out.forward(nn.functional.silu(_in.forward(input))).MoveToOuterDisposeScope();
        }
    }
}
