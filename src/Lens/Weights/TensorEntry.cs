using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>What a safetensors file says of one tensor.</summary>
/// <param name="Name">Its name, a parameter's path in the module it belongs to.</param>
/// <param name="DType">The type of its elements in the file.</param>
/// <param name="Shape">Its dimensions; empty for a single number.</param>
public sealed record TensorEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Where its first byte is, counted from the start of the file.</summary>
    internal long Offset { get; init; }

    /// <summary>How many bytes it takes.</summary>
    internal long ByteCount { get; init; }

    /// <summary>What these bytes are in their file: the name there, and which part of that tensor.</summary>
    internal string Source { get; init; } = Name;

    /// <summary>Whether the bytes are those of the transposed matrix.</summary>
    internal bool IsTransposed { get; init; }
}
