using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>An element type of the safetensors format, one that torch has too.</summary>
/// <param name="Name">Its name in a header.</param>
/// <param name="DType">The same in torch.</param>
/// <param name="Size">Bytes an element.</param>
internal sealed record SafetensorsType(string Name, ScalarType DType, int Size)
{
    private static readonly SafetensorsType[] All =
    [
        new("F64", ScalarType.Float64, 8),
        new("F32", ScalarType.Float32, 4),
        new("F16", ScalarType.Float16, 2),
        new("BF16", ScalarType.BFloat16, 2),
        new("I64", ScalarType.Int64, 8),
        new("I32", ScalarType.Int32, 4),
        new("I16", ScalarType.Int16, 2),
        new("I8", ScalarType.Int8, 1),
        new("U8", ScalarType.Byte, 1),
        new("BOOL", ScalarType.Bool, 1),
    ];

    internal static IEnumerable<string> Names => All.Select(type => type.Name);

    internal static SafetensorsType? Named(string? name) => Array.Find(All, type => type.Name == name);

    internal static SafetensorsType? Of(ScalarType dtype) => Array.Find(All, type => type.DType == dtype);
}
