using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Fuzz.Mutation;

/// <summary>Changes a PNG chunk by chunk, with the right checksums again, mostly: what is wrong is then in the content.</summary>
internal sealed class PngMutator : Mutator
{
    private const int Signature = 8, Around = 12;

    private static readonly string[] OtherTypes = ["tEXt", "zTXt", "iTXt", "PLTE", "tRNS", "gAMA", "iCCP", "acTL", "abcd"];

    private static readonly Lazy<byte[]> Bomb = new(() => Deflated(50_000_000));

    private protected override byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        List<(int Start, int End)> chunks = Chunks(bytes);
        if (chunks.Count == 0)
        {
            return ByteMutator.Change(bytes, other, random);
        }

        (int start, int end) = Any(chunks, random);
        byte[] data = bytes[(start + 8)..(end - 4)];
        string type = Encoding.ASCII.GetString(bytes, start + 4, 4);
        switch (random.Next(8))
        {
            case 0:
                return Replaced(bytes, start, end, []);
            case 1:
                return Replaced(bytes, start, start, bytes.AsSpan(start..end));
            case 2:
                byte[] length = bytes[start..(start + 4)];
                BinaryPrimitives.WriteUInt32BigEndian(length, (uint)random.NextInt64(1L << random.Next(1, 33)));
                return Replaced(bytes, start, start + 4, length);
            case 3 when type == "IHDR" || random.Next(2) == 0:
                (start, end) = chunks[0];
                byte[] header = bytes[(start + 8)..(end - 4)];
                if (header.Length < 8)
                {
                    return ByteMutator.Change(bytes, other, random);
                }

                int field = random.Next(4);
                BinaryPrimitives.WriteUInt32BigEndian(
                    header.AsSpan(Math.Min(field, 1) * 4), (uint)Any([0, 1, 63, 65, 1 << 14, 1 << 20, int.MaxValue, -1], random));
                return Replaced(bytes, start, end, Chunk("IHDR", header));
            case 4 when type == "IDAT":
                return Replaced(bytes, start, end, Chunk(type, random.Next(8) == 0 ? Bomb.Value : Deflated(random.Next(20_000))));
            case 5:
                return Replaced(bytes, start, start, Chunk(Any(OtherTypes, random), data));
            default:
                return Replaced(bytes, start, end, Chunk(type, ByteMutator.Change(data, other, random)));
        }
    }

    private static List<(int Start, int End)> Chunks(byte[] bytes)
    {
        List<(int, int)> chunks = [];
        for (int at = Signature; at + Around <= bytes.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - Around)
            {
                break;
            }

            chunks.Add((at, at + Around + (int)length));
            at += Around + (int)length;
        }

        return chunks;
    }

    // A stream of another length than the header wants.
    private static byte[] Deflated(int length)
    {
        using MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest))
        {
            zlib.Write(new byte[length]);
        }

        return packed.ToArray();
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = [.. new byte[4], .. Encoding.ASCII.GetBytes(type), .. data, .. new byte[4]];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4..^4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~crc;
    }
}
