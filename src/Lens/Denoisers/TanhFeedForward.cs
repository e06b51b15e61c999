using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Two linear maps, four times as wide between, with GELU by hyperbolic tangent (diffusers: FeedForward, gelu-approximate).
/// </summary>
internal sealed class TanhFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Projection _in;
    private readonly Linear _out;
    private readonly Func<Tensor, Tensor> _activation = Activation.Named("gelu_new", "activation_fn");

    public TanhFeedForward(int width, Placement placement)
        : base(nameof(TanhFeedForward))
    {
        // The checkpoint's list is: projection, dropout (no parameters), linear map.
        _in = new Projection(width, 4 * width, placement);
        _out = new Linear(4 * width, width, placement);
        this.AddList<nn.Module>("net", [_in, nn.Identity(), _out]);
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _out.forward(_activation(_in.Linear.forward(input))).MoveToOuterDisposeScope();
    }

    private sealed class Projection : nn.Module
    {
        public Projection(int inputs, int outputs, Placement placement)
            : base(nameof(Projection)) => Linear = this.Add("proj", new Linear(inputs, outputs, placement));

        public Linear Linear { get; }
    }
}
