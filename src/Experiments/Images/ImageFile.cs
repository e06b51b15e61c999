using System.Buffers.Binary;
using System.Text;
using DiffusionLens.Runtime;
using Experiments.Files;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Images;

/// <summary>
/// Images as PNG files that carry their identity (a <c>tEXt</c> chunk right after the header), so that a file alone tells what it is a
/// image of. The same pixels and identity always give the same bytes.
/// </summary>
public static class ImageFile
{
    private const string Keyword = "diffusion-lens";

    // Eight bytes of signature, then IHDR: length, type, 13 bytes of data, checksum.
    private const int HeaderEnd = 8 + 4 + 4 + 13 + 4;

    /// <summary>Writes an image, whole or not at all.</summary>
    /// <param name="path">The file to have.</param>
    /// <param name="pixels"><c>[3, H, W]</c>, red, green, blue, 0..1, any floating type and device.</param>
    /// <param name="identity">ASCII without zeros; the image's <see cref="Recipe.IdentityOf"/>.</param>
    /// <exception cref="DiffusionLens.BadInputException">The place cannot be written.</exception>
    public static void Write(string path, Tensor pixels, string identity)
    {
        using SKImage image = ToImage(pixels);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream =>
        {
            ReadOnlySpan<byte> bytes = png.AsSpan();
            stream.Write(bytes[..HeaderEnd]);
            stream.Write(Chunk("tEXt", Encoding.ASCII.GetBytes($"{Keyword}\0{identity}")));
            stream.Write(bytes[HeaderEnd..]);
        });
    }

    /// <summary>The identity that a file carries; null where there is no such file or it carries none.</summary>
    /// <param name="path">A file.</param>
    public static string? IdentityOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream stream = File.OpenRead(path);
        byte[] start = new byte[HeaderEnd + 256];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        byte[] label = Encoding.ASCII.GetBytes($"tEXt{Keyword}\0");
        int data = HeaderEnd + 4;
        if (count < data + label.Length || !start.AsSpan(data, label.Length).SequenceEqual(label))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(HeaderEnd)) - (label.Length - 4);
        int identity = data + label.Length;
        return length >= 0 && length <= count - identity ? Encoding.ASCII.GetString(start, identity, length) : null;
    }

    /// <summary>Reads an image.</summary>
    /// <param name="path">A file.</param>
    /// <returns><c>[3, H, W]</c>, 0..1, float32.</returns>
    /// <exception cref="DiffusionLens.BadInputException">It is not there, or no image.</exception>
    public static Tensor Read(string path)
    {
        using SKBitmap decoded = SKBitmap.Decode(path)
            ?? throw new DiffusionLens.BadInputException($"{path}: is no image; delete it, and the next run makes it again");
        using SKBitmap bitmap = decoded.Copy(SKColorType.Rgb888x);
        using DisposeScope scope = NewDisposeScope();
        Tensor levels = tensor(bitmap.GetPixelSpan().ToArray(), [bitmap.Height, bitmap.Width, 4], ScalarType.Byte);
        return levels.permute(2, 0, 1).narrow(0, 0, 3).to(ScalarType.Float32).Times(1 / 255.0).MoveToOuterDisposeScope();
    }

    /// <summary>An image in eight bits a channel.</summary>
    /// <param name="pixels"><c>[3, H, W]</c>, 0..1.</param>
    public static SKImage ToImage(Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        int height = (int)pixels.shape[1], width = (int)pixels.shape[2];
        Tensor levels = pixels.cpu().to(ScalarType.Float64).Times(255).round().ClampTo(0, 255).to(ScalarType.Byte);
        byte[] planes = [.. levels.contiguous().bytes];
        byte[] rgbx = new byte[height * width * 4];
        for (int i = 0; i < height * width; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                rgbx[(4 * i) + channel] = planes[(channel * height * width) + i];
            }

            rgbx[(4 * i) + 3] = 255;
        }

        return SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgb888x, SKAlphaType.Opaque), rgbx);
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = new byte[4 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Checksum(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    // CRC-32 as in the PNG specification, annex D.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
