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
        => Write(path, tensors.Select(pair => Item.Of(pair.Key, pair.Value)), metadata);

    /// <summary>The same for all tensors of an open file, a few megabytes of them in memory at a time.</summary>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="file">Where the tensors are.</param>
    /// <param name="metadata">Words about the whole file, or null.</param>
    /// <param name="cancellation">Heeded between tensors; nothing is left then.</param>
    /// <exception cref="IOException">The file cannot be written; what stood there before still stands.</exception>
    internal static void Copy(
        string path, SafetensorsFile file, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancellation)
        => Write(path, file.Entries.Values.Select(entry => Item.Of(file, entry, cancellation)), metadata);

    private static void Write(string path, IEnumerable<Item> items, IReadOnlyDictionary<string, string>? metadata)
    {
        Item[] ordered = [.. items.OrderByDescending(item => item.Type.Size).ThenBy(item => item.Name, StringComparer.Ordinal)];
        OutputFile.Write(path, stream => Write(stream, ordered, metadata), flushToDisk: true);
    }

    private static void Write(Stream file, Item[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        WriteHeader(file, ordered, metadata);
        foreach (Item item in ordered)
        {
            item.WriteData(file);
        }
    }

    private static void WriteHeader(Stream file, Item[] items, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (Item item in items)
            {
                json.WriteStartObject(item.Name);
                json.WriteString("dtype", item.Type.Name);
                WriteNumbers(json, "shape", item.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset += item.ByteCount]);
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

    /// <summary>A tensor to be written.</summary>
    private sealed record Item(string Name, SafetensorsType Type, long[] Shape, long ByteCount, Action<Stream> WriteData)
    {
        public static Item Of(string name, Tensor tensor)
        {
            SafetensorsType type = TypeOf(name, tensor);
            return new Item(name, type, tensor.shape, tensor.NumberOfElements * type.Size, file => WriteTensor(file, tensor));
        }

        public static Item Of(SafetensorsFile source, TensorEntry entry, CancellationToken cancellation) => new(
            entry.Name,
            SafetensorsType.Of(entry.DType)!,
            [.. entry.Shape],
            entry.ByteCount,
            file =>
            {
                cancellation.ThrowIfCancellationRequested();
                source.CopyTo(entry.Name, file);
            });

        private static SafetensorsType TypeOf(string name, Tensor tensor) => name != SafetensorsHeader.MetadataKey
            ? SafetensorsType.Of(tensor.dtype)
                ?? throw new ArgumentException($"Tensor '{name}' is {tensor.dtype}: not a type of the format.")
            : throw new ArgumentException($"A tensor cannot be called {name}.");

        private static void WriteTensor(Stream file, Tensor tensor)
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
}
