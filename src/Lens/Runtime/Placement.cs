using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>Where a module's tensors live, and in which type. On the <c>meta</c> device they have shapes and no memory.</summary>
/// <param name="DType">The type of weights and of what is computed with them.</param>
/// <param name="Device">The device that holds them.</param>
public readonly record struct Placement(ScalarType DType, Device Device)
{
    /// <summary>Float32 on the CPU.</summary>
    public static Placement Default { get; } = new(ScalarType.Float32, CPU);

    /// <summary>Shapes without memory, for checking names and sizes of a full-size model.</summary>
    public static Placement Meta { get; } = new(ScalarType.Float32, META);

    /// <summary>How many tensors may be registered there; null: as many as there are.</summary>
    internal TensorLimit? Limit { get; init; }
}
