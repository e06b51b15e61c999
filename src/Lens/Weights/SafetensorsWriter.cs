using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using DiffusionLens.Configs;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Weights;

/// <summary>Writes safetensors files: the same tensors always give the same bytes, and a file is there whole or not at all.</summary>
public static class SafetensorsWriter
{
    private const long ChunkElements = 1 << 20;

    /// <summary>
    /// Writes tensors, widest elements first and then by name, over what may have stood under that path: a link's target is replaced, not
    /// the link, and a device or a pipe gets the bytes as they come.
    /// </summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="tensors">Any shapes and devices; types float64, float32, float16, bfloat16, the signed integers, byte or bool.</param>
    /// <param name="metadata">Words about the whole file, or null.</param>
    /// <exception cref="ArgumentException">A type or a name that the format does not have.</exception>
    /// <exception cref="IOException">The file cannot be written; what stood there before still stands.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        => OutputFile.Write(path, stream => Write(stream, tensors, metadata), flushToDisk: true);

    private static void Write(Stream file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        (string Name, Tensor Tensor, SafetensorsType Type)[] ordered =
        [
            .. tensors.Select(pair => (pair.Key, pair.Value, Type: TypeOf(pair.Key, pair.Value)))
                .OrderByDescending(item => item.Type.Size).ThenBy(item => item.Key, StringComparer.Ordinal),
        ];
        WriteHeader(file, ordered, metadata);
        foreach ((_, Tensor tensor, _) in ordered)
        {
            WriteData(file, tensor);
        }
    }

    private static SafetensorsType TypeOf(string name, Tensor tensor) => name != SafetensorsHeader.MetadataKey
        ? SafetensorsType.Of(tensor.dtype) ?? throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}: not a type of the format.")
        : throw new ArgumentException($"A tensor cannot be called {name}.");

    private static void WriteHeader(
        Stream file,
        (string Name, Tensor Tensor, SafetensorsType Type)[] tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Tensor tensor, SafetensorsType type) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, offset += tensor.NumberOfElements * type.Size]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, so that in memory every tensor lies on a multiple of its element's size.
        int padding = -header.WrittenCount & 7;
        header.Write("       "u8[..padding]);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount);
        file.Write(length);
        file.Write(header.WrittenSpan);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteData(Stream file, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = tensor.detach().reshape(-1);
        for (long start = 0; start < flat.NumberOfElements; start += ChunkElements)
        {
            using Tensor chunk = flat.narrow(0, start, Math.Min(ChunkElements, flat.NumberOfElements - start)).cpu();
            file.Write(chunk.bytes);
        }
    }
}
