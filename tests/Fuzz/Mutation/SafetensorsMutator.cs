using System.Buffers.Binary;

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

        byte[] header = JsonMutator.Change(
            bytes[sizeof(long)..end], HeaderEnd(other) is int otherEnd ? other[sizeof(long)..otherEnd] : [], random);
        byte[] changed = [.. new byte[sizeof(long)], .. header, .. bytes.AsSpan(end)];
        BinaryPrimitives.WriteInt64LittleEndian(changed, random.Next(10) switch
        {
            0 => header.Length + random.Next(-9, 9),
            1 => 1L << random.Next(64),
            _ => header.Length,
        });
        return changed;
    }

    private static int? HeaderEnd(byte[] bytes)
        => bytes.Length >= sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(bytes) is var length and > 0
            && length <= bytes.Length - sizeof(long)
            ? sizeof(long) + (int)length
            : null;
}
