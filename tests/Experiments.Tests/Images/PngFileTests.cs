using System.Buffers.Binary;
using System.Text;
using Experiments.Images;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Images;

public sealed class PngFileTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("png-").FullName, "image.png");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void The_checksum_is_that_of_the_standard()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0xAE426082u, Crc32.Of("IEND"u8));
        Assert.Equal(0u, Crc32.Of([]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    [InlineData(64, 64)]
    [InlineData(33, 90)]
    public void What_was_written_is_read_whatever_the_rows_filters(int width, int height)
    {
        byte[] noise = new byte[width * height];
        new Random(width).NextBytes(noise);
        using DisposeScope scope = NewDisposeScope();

        // Noise beside a slope, so that rows are filtered in different ways.
        Tensor pixels = stack(
        [
            tensor(noise.Select(level => level / 255.0).ToArray(), [height, width]),
            linspace(0, 1, width, dtype: ScalarType.Float64).expand(height, width),
            linspace(0, 1, height, dtype: ScalarType.Float64).unsqueeze(1).expand(height, width),
        ]);
        ImageFile.Write(_file, pixels, "identity");

        ImageLevels read = PngFile.Read(File.ReadAllBytes(_file)).Levels!;

        Assert.Equal((width, height), (read.Width, read.Height));
        Assert.Equal(ImageFile.LevelsOf(pixels).Rgb, read.Rgb);
    }

    [Fact]
    public void No_byte_can_be_another_and_none_be_missing_or_added()
    {
        byte[] whole = Whole();
        Assert.Equal("identity", PngFile.Read(whole).Texts["diffusion-lens"]);

        Assert.All(Enumerable.Range(0, whole.Length), at =>
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            Assert.Throws<InvalidDataException>(() => PngFile.Read(damaged));
            Assert.Throws<InvalidDataException>(() => PngFile.Read(whole[..at]));
        });
        Assert.Throws<InvalidDataException>(() => PngFile.Read([.. whole, 0]));
        Assert.Throws<InvalidDataException>(() => PngFile.Read([.. whole, .. whole]));
    }

    [Theory]
    [InlineData(7, 4)]
    [InlineData(6, 5)]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(0, 4)]
    public void A_size_that_is_not_the_rows_is_refused_though_the_checksums_hold(int width, int height)
    {
        byte[] png = Whole();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.Of(png.AsSpan(12, 17)));

        Assert.Throws<InvalidDataException>(() => PngFile.Read(png));
    }

    [Fact]
    public void Images_of_other_kinds_are_read_too_and_refused_where_they_are_cut_short()
    {
        using SKBitmap bitmap = new(9, 5, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(10, 200, 30, 128));
        using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        byte[] bytes = png.ToArray();

        Assert.Null(PngFile.Read(bytes).Levels);
        File.WriteAllBytes(_file, bytes);
        Assert.Equal(9, ImageFile.ReadLevels(_file).Width);
        Assert.Throws<InvalidDataException>(() => PngFile.Read(bytes[..^13]));
    }

    [Fact]
    public void An_interlaced_image_is_refused_before_a_reader_that_may_not_end_on_it()
    {
        byte[] png = Whole();
        png[28] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.Of(png.AsSpan(12, 17)));

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => PngFile.Read(png));
        Assert.Contains("is interlaced", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused()
    {
        byte[] whole = Whole();
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. whole];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            FixChecksums(bytes);
            try
            {
                PngFile.Read(bytes);
            }
            catch (InvalidDataException problem)
            {
                Assert.NotEqual("", problem.Message);
            }
        }
    }

    // So that what is behind the checksums is reached.
    private static void FixChecksums(byte[] png)
    {
        for (int at = 8; at + 12 <= png.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (at + 12L + length > png.Length)
            {
                return;
            }

            int end = at + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(end), Crc32.Of(png.AsSpan(at + 4, (int)length + 4)));
            at = end + 4;
        }
    }

    private byte[] Whole()
    {
        using DisposeScope scope = NewDisposeScope();
        ImageFile.Write(_file, linspace(0, 1, 3 * 4 * 6).reshape(3, 4, 6), "identity");
        return File.ReadAllBytes(_file);
    }
}
