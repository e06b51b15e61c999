using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>
/// A feed-forward layer with a gate, without biases (arXiv 2002.05202): <c>W_out (silu(W_gate x) · W_in x)</c>,
/// <c>[..., width] → [..., width]</c>.
/// </summary>
internal sealed class SwiGlu : nn.Module<Tensor, Tensor>
{
    private readonly Linear _gate, _in, _out;

    /// <param name="width">Width of what comes in and goes out.</param>
    /// <param name="innerWidth">Width within.</param>
    /// <param name="names">What the checkpoint calls the three maps.</param>
    /// <param name="placement">Where and in which type.</param>
    public SwiGlu(int width, int innerWidth, Names names, Placement placement)
        : base(nameof(SwiGlu))
    {
        _gate = this.Add(names.Gate, new Linear(width, innerWidth, placement, bias: false));
        _in = this.Add(names.In, new Linear(width, innerWidth, placement, bias: false));
        _out = this.Add(names.Out, new Linear(innerWidth, width, placement, bias: false));
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inner = nn.functional.silu(_gate.forward(input), inplace: true).mul_(_in.forward(input));
        return _out.forward(inner).MoveToOuterDisposeScope();
    }

    /// <summary>Names of the maps to the gate, to what is gated, and out.</summary>
    internal sealed record Names(string Gate, string In, string Out);
}
