using System.Buffers.Binary;
using System.Text;

namespace Fuzz.Mutation;

/// <summary>Changes a safetensors header as JSON, and gives it the right length again, mostly.</summary>
internal sealed class SafetensorsMutator : Mutator
{
    private protected override byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        if (HeaderEnd(bytes) is not int end)
        {
            return ByteMutator.Change(bytes, other, random);
        }

        byte[] header = bytes[sizeof(long)..end];
        header = random.Next(3) == 0
            ? Renamed(header, random)
            : JsonMutator.Change(header, HeaderEnd(other) is int otherEnd ? other[sizeof(long)..otherEnd] : [], random);
        byte[] changed = [.. new byte[sizeof(long)], .. header, .. bytes.AsSpan(end)];
        BinaryPrimitives.WriteInt64LittleEndian(changed, random.Next(10) switch
        {
            0 => header.Length + random.Next(-9, 9),
            1 => 1L << random.Next(64),
            _ => header.Length,
        });
        return changed;
    }

    // A tensor of another name leaves all else in order, and so gets further.
    private static byte[] Renamed(byte[] header, Random random)
    {
        IReadOnlyList<(int Start, int End)> names = JsonSpans.Of(header).Names;
        if (names.Count == 0)
        {
            return header;
        }

        (int start, int end) = Any(names, random);
        int from = random.Next(start + 1, end), to = random.Next(from, Math.Min(end, from + 12));
        string name = Any(["", "0", "12", ".", "weight", "lora_A", "bias", "é", "__"], random);
        return Replaced(header, from, to, Encoding.UTF8.GetBytes(name));
    }

    private static int? HeaderEnd(byte[] bytes)
        => bytes.Length >= sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(bytes) is var length and > 0
            && length <= bytes.Length - sizeof(long)
            ? sizeof(long) + (int)length
            : null;
}
