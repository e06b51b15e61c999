using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.TextEncoders;

/// <summary>
/// One block F_l of Gemma 2 (arXiv 2408.00118): causal attention, then a gated feed-forward layer, each with a norm before and a second one
/// behind, before the sum; <c>[B, T, width] → [B, T, width]</c>. No linear map has a bias.
/// </summary>
internal sealed class Gemma2Block : nn.Module
{
    private readonly UnitOffsetRmsNorm _norm1, _normOut1, _norm2, _normOut2;
    private readonly Gemma2Attention _attention;
    private readonly GeluGlu _feedForward;

    /// <param name="config">The sizes.</param>
    /// <param name="cap">What scores of attention are bent to; null: they stay as they are.</param>
    /// <param name="placement">Where and in which type.</param>
    public Gemma2Block(Gemma2Config config, double? cap, Placement placement)
        : base(nameof(Gemma2Block))
    {
        _attention = this.Add("self_attn", new Gemma2Attention(config, cap, placement));
        _feedForward = this.Add("mlp", new GeluGlu(config, placement));
        _norm1 = this.Add("input_layernorm", Norm());
        _normOut1 = this.Add("post_attention_layernorm", Norm());
        _norm2 = this.Add("pre_feedforward_layernorm", Norm());
        _normOut2 = this.Add("post_feedforward_layernorm", Norm());

        UnitOffsetRmsNorm Norm() => new(config.Width, config.NormEpsilon, placement);
    }

    /// <param name="input"><c>[B, T, width]</c>.</param>
    /// <param name="positions">Of T positions.</param>
    /// <param name="mask">Added to the attention's scores: <c>[1 or B, 1, T, T]</c>.</param>
    public BlockStates forward(Tensor input, RotaryHalves positions, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = _normOut1.forward(_attention.forward(_norm1.forward(input), positions, mask));
        Tensor h = input.Plus(attended);
        Tensor added = _normOut2.forward(_feedForward.forward(_norm2.forward(h)));
        return new BlockStates(attended, h, added, h.Plus(added)).MoveToOuterDisposeScope();
    }

    /// <summary><c>W_down (gelu(W_gate x) · W_up x)</c> with GELU by hyperbolic tangent.</summary>
    private sealed class GeluGlu : nn.Module
    {
        private readonly Linear _gate, _in, _out;
        private readonly Func<Tensor, Tensor> _gelu = Activation.Named("gelu_new", "hidden_activation");

        public GeluGlu(Gemma2Config config, Placement placement)
            : base(nameof(GeluGlu))
        {
            _gate = this.Add("gate_proj", new Linear(config.Width, config.InnerWidth, placement, bias: false));
            _in = this.Add("up_proj", new Linear(config.Width, config.InnerWidth, placement, bias: false));
            _out = this.Add("down_proj", new Linear(config.InnerWidth, config.Width, placement, bias: false));
        }

        public Tensor forward(Tensor input)
        {
            using DisposeScope scope = NewDisposeScope();
            return _out.forward(_gelu(_gate.forward(input)).mul_(_in.forward(input))).MoveToOuterDisposeScope();
        }
    }
}
