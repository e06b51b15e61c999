using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Weights;

/// <summary>
/// The head of a safetensors file: eight bytes (little endian) that give the length of the JSON after them, the JSON, and after it the
/// tensors' bytes, one tensor after the other without gaps. Everything is checked here, so that a reader may trust what it gets.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, TensorEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Where the format keeps words about the whole file, in the place of a tensor's name.</summary>
    internal const string MetadataKey = "__metadata__";

    internal const int LengthBytes = 8;

    /// <summary>The longest header that the format allows.</summary>
    private const int LongestJson = 100_000_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 3 };

    /// <summary>Reads and checks the header of an open file.</summary>
    /// <exception cref="BadInputException">The file is cut off, or its header contradicts itself or the file's size.</exception>
    internal static SafetensorsHeader Read(SafeFileHandle file, string path)
    {
        long fileLength = RandomAccess.GetLength(file);
        byte[] json = ReadJson(file, fileLength, path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return Parse(document.RootElement, path, LengthBytes + json.Length, fileLength);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"{path}: its safetensors header cannot be read ({OneLine(failure.Message)})", failure);
        }
    }

    private static byte[] ReadJson(SafeFileHandle file, long fileLength, string path)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (RandomAccess.Read(file, prefix, 0) < LengthBytes)
        {
            throw new BadInputException($"{path}: is no safetensors file: it has {fileLength} bytes, not even a header's length");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestJson)
        {
            throw new BadInputException(
                $"{path}: is no safetensors file: its header would have {length} bytes, at most {LongestJson} are allowed");
        }

        long rest = fileLength - LengthBytes;
        if ((long)length > rest)
        {
            throw new BadInputException($"{path}: is cut off: {rest} bytes of its header are there, of {length}; get the file again");
        }

        byte[] json = new byte[length];
        int read = RandomAccess.Read(file, json, LengthBytes);
        return read == json.Length
            ? json
            : throw new BadInputException($"{path}: cannot be read whole: {read} bytes of its header came, of {length}");
    }

    private static SafetensorsHeader Parse(JsonElement header, string path, long dataStart, long fileLength)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw new BadInputException($"{path}: is no safetensors file: its header is not a JSON object");
        }

        Dictionary<string, TensorEntry> entries = [];
        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                metadata = ParseMetadata(property.Value, path);
            }
            else
            {
                entries.Add(property.Name, ParseEntry(property, path, dataStart, fileLength));
            }
        }

        RequireOneAfterTheOther(entries.Values, path, dataStart, fileLength);
        return new SafetensorsHeader(entries, metadata);
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(word => word.Value.ValueKind == JsonValueKind.String)
            ? value.EnumerateObject().ToDictionary(word => word.Name, word => word.Value.GetString()!)
            : throw new BadInputException($"{path}: {MetadataKey} must be an object of strings");

    private static TensorEntry ParseEntry(JsonProperty property, string path, long dataStart, long fileLength)
    {
        BadInputException Bad(string what) => new($"{path}: tensor {Shown(property.Name)}: {what}");

        if (property.Value.ValueKind != JsonValueKind.Object
            || property.Value.EnumerateObject().Any(field => field.Name is not ("dtype" or "shape" or "data_offsets")))
        {
            throw Bad("must be described by dtype, shape and data_offsets, nothing else");
        }

        string typeName = property.Value.TryGetProperty("dtype", out JsonElement dtype) ? dtype.ToString() : "missing";
        if (typeName.StartsWith("F8_", StringComparison.Ordinal))
        {
            throw Bad($"is of float8 ({typeName}), which is not supported; take the float16 file of the same model");
        }

        SafetensorsType type = SafetensorsType.Named(typeName)
            ?? throw Bad($"dtype is {Shown(typeName)}; known are {string.Join(", ", SafetensorsType.Names)}");
        long[] shape = Naturals(property.Value, "shape") ?? throw Bad("shape must be a list of whole numbers, none below 0");
        if (Naturals(property.Value, "data_offsets") is not [long begin, long end] || begin > end)
        {
            throw Bad("data_offsets must be two whole numbers, begin and end");
        }

        if (ByteCount(shape, type) != end - begin)
        {
            throw Bad($"{type.Name} [{string.Join(", ", shape)}] does not take the {end - begin} bytes that its data_offsets give");
        }

        if (end > fileLength - dataStart)
        {
            throw Bad($"ends at byte {end} of the data, but the file is cut off after {fileLength - dataStart}; get the file again");
        }

        return new TensorEntry(property.Name, type.DType, shape) { Offset = dataStart + begin, ByteCount = end - begin };
    }

    /// <summary>A list of whole numbers from 0 on, or null where the field is none.</summary>
    private static long[]? Naturals(JsonElement entry, string field)
    {
        if (!entry.TryGetProperty(field, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<long> numbers = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Null where it is more than any file can have.</summary>
    private static long? ByteCount(long[] shape, SafetensorsType type)
    {
        Int128 count = type.Size;
        foreach (long size in shape)
        {
            count *= size;
            if (count > long.MaxValue)
            {
                return null;
            }
        }

        return (long)count;
    }

    private static void RequireOneAfterTheOther(IEnumerable<TensorEntry> entries, string path, long dataStart, long fileLength)
    {
        long end = dataStart;
        foreach (TensorEntry entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount))
        {
            if (entry.Offset != end)
            {
                string where = entry.Offset < end ? "inside another tensor's bytes" : $"{entry.Offset - end} bytes after the one before it";
                throw new BadInputException($"{path}: tensor {Shown(entry.Name)}: begins {where}; tensors must follow one another");
            }

            end += entry.ByteCount;
        }

        if (end != fileLength)
        {
            throw new BadInputException($"{path}: {fileLength - end} bytes after the last tensor belong to none");
        }
    }

    private static string Shown(string name)
    {
        const int Longest = 100;
        return $"'{OneLine(name.Length > Longest ? name[..Longest] + "…" : name)}'";
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
