using DiffusionLens.Layers;
using static TorchSharp.torch;

namespace DiffusionLens.Denoisers;

/// <summary>What is done to a text's rows inside a joint transformer; nothing by default.</summary>
internal sealed record TextRowSettings
{
    /// <summary>Nothing is done.</summary>
    public static TextRowSettings None { get; } = new();

    /// <summary>Rows that are set again before each block.</summary>
    public HeldRows? Held { get; init; }

    /// <summary>Rows that nothing attends to.</summary>
    public KeyMask? Mask { get; init; }

    /// <summary>Tokens as a block gets them: <c>[B, S (+ T), width]</c>, the text's first.</summary>
    public Tensor BeforeBlock(Tensor tokens) => Held?.SetIn(tokens) ?? tokens;

    /// <summary>The same of two streams.</summary>
    public JointStates BeforeBlock(JointStates states) => Held is null ? states : states with { Text = Held.SetIn(states.Text) };
}
