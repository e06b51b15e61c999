using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>
/// Multi-head attention without biases on query, key and value (diffusers: Attention, as SD's transformer blocks use it).
/// </summary>
internal sealed class Attention : nn.Module, ITextAttention
{
    private readonly Linear _query, _key, _value;
    private readonly IReadOnlyList<Linear> _output;
    private readonly int _heads;
    private readonly bool _upcast;

    /// <param name="width">Width of the image's tokens.</param>
    /// <param name="contextWidth">Width of what is attended to: the text, or the image itself.</param>
    /// <param name="heads">How many heads share the width.</param>
    /// <param name="upcast">Half-precision tensors are attended in float32.</param>
    /// <param name="placement">Where and in which type.</param>
    public Attention(int width, int contextWidth, int heads, bool upcast, Placement placement)
        : base(nameof(Attention))
    {
        _heads = heads;
        _upcast = upcast && placement.DType is ScalarType.Float16 or ScalarType.BFloat16;
        _query = this.Add("to_q", new Linear(width, width, placement, bias: false));
        _key = this.Add("to_k", new Linear(contextWidth, width, placement, bias: false));
        _value = this.Add("to_v", new Linear(contextWidth, width, placement, bias: false));
        _output = this.AddList("to_out", [new Linear(width, width, placement)]);
    }

    /// <summary>Keys and values of a context: of <c>[B, S, contextWidth]</c>.</summary>
    public TextKeyValue Project(Tensor text)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor key = HeadAttention.Split(_key.forward(text), _heads), value = HeadAttention.Split(_value.forward(text), _heads);
        return new(key.MoveToOuterDisposeScope(), value.MoveToOuterDisposeScope());
    }

    /// <summary>Attention to a context that was projected before: <c>[B, T, width] → [B, T, width]</c>.</summary>
    /// <param name="tokens">The image's.</param>
    /// <param name="context">What is attended to.</param>
    /// <param name="mask">Rows of it that are not; null: none.</param>
    public Tensor Attend(Tensor tokens, TextKeyValue context, KeyMask? mask = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor query = HeadAttention.Split(_query.forward(tokens), _heads);
        Tensor mixed = _upcast
            ? HeadAttention.Attend(query.@float(), context.Key.@float(), context.Value.@float(), mask).to(tokens.dtype)
            : HeadAttention.Attend(query, context.Key, context.Value, mask);
        return _output[0].forward(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>Self-attention: <c>[B, T, width] → [B, T, width]</c>.</summary>
    public Tensor Attend(Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        return Attend(tokens, Project(tokens)).MoveToOuterDisposeScope();
    }
}
