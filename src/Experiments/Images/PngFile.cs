using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Experiments.Images;

/// <summary>
/// PNG files, read strictly: a file that is cut short, or in which one bit is another, is refused, where readers for the eye show what is
/// left of it. https://www.w3.org/TR/png-3/
/// </summary>
internal static class PngFile
{
    private const int LengthAndType = 8, Checksum = 4, HeaderLength = 13, MostInflated = 1032, RgbColorType = 2;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads a file: every chunk's checksum, the last chunk, and all rows of the image.</summary>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="InvalidDataException">It is no PNG, or not whole; says what is wrong.</exception>
    public static PngContent Read(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(Signature))
        {
            throw new InvalidDataException(bytes.Length == 0 ? "is empty" : "is no PNG");
        }

        PngHeader? header = null;
        Dictionary<string, string> texts = [];
        using MemoryStream data = new(bytes.Length);
        for (int at = Signature.Length; ;)
        {
            ReadOnlySpan<byte> chunk = ChunkAt(bytes, at), content = chunk[LengthAndType..^Checksum];
            string type = Encoding.Latin1.GetString(chunk[4..LengthAndType]);
            if ((header is null) != (type == "IHDR"))
            {
                throw new InvalidDataException("its chunks are not in their order");
            }

            at += chunk.Length;
            switch (type)
            {
                case "IHDR":
                    header = HeaderOf(content);
                    break;
                case "IDAT":
                    data.Write(content);
                    break;
                case "tEXt" when content.IndexOf((byte)0) is > 0 and int end:
                    texts[Encoding.Latin1.GetString(content[..end])] = Encoding.Latin1.GetString(content[(end + 1)..]);
                    break;
                case "IEND":
                    return at == bytes.Length
                        ? new PngContent(LevelsOf(header!, data), texts)
                        : throw new InvalidDataException("has something behind its end");
                default:
                    break;
            }
        }
    }

    private static ReadOnlySpan<byte> ChunkAt(byte[] bytes, int at)
    {
        long left = bytes.Length - at;
        uint length = left >= LengthAndType ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : 0;
        if (left < LengthAndType + (long)length + Checksum)
        {
            throw new InvalidDataException("is cut short");
        }

        ReadOnlySpan<byte> chunk = bytes.AsSpan(at, LengthAndType + (int)length + Checksum);
        return Crc32.Of(chunk[4..^Checksum]) == BinaryPrimitives.ReadUInt32BigEndian(chunk[^Checksum..])
            ? chunk
            : throw new InvalidDataException("is damaged: a checksum does not hold");
    }

    private static PngHeader HeaderOf(ReadOnlySpan<byte> content)
    {
        if (content.Length != HeaderLength)
        {
            throw new InvalidDataException("has a header of another length");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(content), height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        int channels = content[9] switch
        {
            0 or 3 => 1,
            RgbColorType => ImageLevels.Channels,
            4 => 2,
            6 => 4,
            _ => 0,
        };
        // ImageSharp, which reads what is not ours, does not end on some of these.
        if (content[12] == 1)
        {
            throw new InvalidDataException("is interlaced, which is not read; save it without");
        }

        return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue && channels > 0 && content[8] is 1 or 2 or 4 or 8 or 16
            && content[10] == 0 && content[11] == 0 && content[12] == 0
            ? new PngHeader((int)width, (int)height, content[8], content[9], channels)
            : throw new InvalidDataException("has a header that says nothing there is");
    }

    // Null where it is not eight bits of red, green and blue a pixel; then it is checked that the data hold all rows.
    private static ImageLevels? LevelsOf(PngHeader header, MemoryStream data)
    {
        Int128 rowBytes = 1 + (((((Int128)header.Width * header.Channels) * header.BitDepth) + 7) / 8), size = rowBytes * header.Height;

        // What deflate cannot have made of so few bytes is not allocated either.
        if (size > (data.Length * MostInflated) + MostInflated || size > Array.MaxLength)
        {
            throw new InvalidDataException("lacks rows");
        }

        byte[] rows = Inflate(data, (int)size);
        return header is { BitDepth: 8, ColorType: RgbColorType }
            ? new ImageLevels(header.Width, header.Height, Unfiltered(rows, header.Width, header.Height))
            : null;
    }

    private static byte[] Inflate(MemoryStream data, int size)
    {
        data.Position = 0;
        using ZLibStream inflated = new(data, CompressionMode.Decompress);
        byte[] rows = new byte[size], more = new byte[1];
        (int read, int behind) = (0, 0);
        try
        {
            read = inflated.ReadAtLeast(rows, size, throwOnEndOfStream: false);

            // Behind the last row stands the checksum of all of them.
            behind = inflated.Read(more);
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException("has damaged rows", problem);
        }

        return read < size ? throw new InvalidDataException("lacks rows")
            : behind > 0 ? throw new InvalidDataException("has more rows than its header says")
            : rows;
    }

    // Each row says in its first byte what of its neighbors was taken off.
    private static byte[] Unfiltered(byte[] rows, int width, int height)
    {
        int length = width * ImageLevels.Channels;
        byte[] levels = new byte[length * height], none = new byte[length];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = rows.AsSpan((y * (length + 1)) + 1, length);
            ReadOnlySpan<byte> above = y == 0 ? none : levels.AsSpan((y - 1) * length, length);
            Unfilter(rows[y * (length + 1)], row, above, levels.AsSpan(y * length, length));
        }

        return levels;
    }

    private static void Unfilter(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> to)
    {
        const int Left = ImageLevels.Channels;
        row.CopyTo(to);
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int x = Left; x < to.Length; x++)
                {
                    to[x] += to[x - Left];
                }

                break;
            case 2:
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] += above[x];
                }

                break;
            case 3:
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] += (byte)(((x < Left ? 0 : to[x - Left]) + above[x]) / 2);
                }

                break;
            case 4:
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] += x < Left ? above[x] : (byte)Paeth(to[x - Left], above[x], above[x - Left]);
                }

                break;
            default:
                throw new InvalidDataException("has a row that was filtered in a way there is not");
        }
    }

    private static int Paeth(int left, int above, int aboveLeft)
    {
        int estimate = left + above - aboveLeft;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toAboveLeft = Math.Abs(estimate - aboveLeft);
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }

    private sealed record PngHeader(int Width, int Height, int BitDepth, int ColorType, int Channels);
}

/// <summary>What a PNG file holds.</summary>
/// <param name="Levels">The image; null where it is not eight bits of red, green and blue a pixel, or interlaced.</param>
/// <param name="Texts">Its texts by their keywords.</param>
internal sealed record PngContent(ImageLevels? Levels, IReadOnlyDictionary<string, string> Texts);
