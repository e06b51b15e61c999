namespace Fuzz.Mutation;

/// <summary>A field of a protobuf message: where it is in its bytes.</summary>
/// <param name="Start">Its first byte, the key's.</param>
/// <param name="ContentStart">Where its content begins.</param>
/// <param name="End">After its last byte.</param>
internal sealed record ProtobufField(int Number, int Start, int ContentStart, int End)
{
    private const int LengthWire = 2;

    /// <summary>The fields of a message, as far as it can be read.</summary>
    public static IReadOnlyList<ProtobufField> In(ReadOnlySpan<byte> message)
    {
        List<ProtobufField> fields = [];
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            if (!TryVarint(message, ref at, out ulong key))
            {
                break;
            }

            int content = at;
            ulong length = (key & 7) switch { 1 => 8, 5 => 4, _ => 0 };
            if ((key & 7) is 0 or LengthWire && !TryVarint(message, ref at, out length))
            {
                break;
            }

            content = (key & 7) == LengthWire ? at : content;
            ulong end = (key & 7) == 0 ? (ulong)at : (ulong)at + length;
            if ((key & 7) is 3 or 4 or > 5 || end > (ulong)message.Length || key >> 3 > int.MaxValue)
            {
                break;
            }

            at = (int)end;
            fields.Add(new ProtobufField((int)(key >> 3), start, content, at));
        }

        return fields;
    }

    /// <summary>A field with a length, as bytes.</summary>
    public static byte[] Written(int number, ReadOnlySpan<byte> content)
        => [.. Varint(((ulong)number << 3) | LengthWire), .. Varint((ulong)content.Length), .. content];

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private static bool TryVarint(ReadOnlySpan<byte> message, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
