using System.Buffers.Binary;

namespace Experiments.Images;

/// <summary>The checksum of PNG's chunks (ISO 3309, the polynomial of Ethernet), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int AtATime = 8;

    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of all bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= AtATime; bytes = bytes[AtATime..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes), high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = Tables[7][low & 0xFF] ^ Tables[6][(low >> 8) & 0xFF] ^ Tables[5][(low >> 16) & 0xFF] ^ Tables[4][low >> 24]
                ^ Tables[3][high & 0xFF] ^ Tables[2][(high >> 8) & 0xFF] ^ Tables[1][(high >> 16) & 0xFF] ^ Tables[0][high >> 24];
        }

        foreach (byte one in bytes)
        {
            crc = Tables[0][(crc ^ one) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        const uint Polynomial = 0xEDB88320;
        uint[][] tables = [.. Enumerable.Range(0, AtATime).Select(_ => new uint[256])];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ Polynomial;
            }

            tables[0][value] = crc;
        }

        for (int value = 0; value < 256; value++)
        {
            for (int i = 1; i < AtATime; i++)
            {
                tables[i][value] = (tables[i - 1][value] >> 8) ^ tables[0][tables[i - 1][value] & 0xFF];
            }
        }

        return tables;
    }
}
