using DiffusionLens;
using Experiments.Images;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Images;

public sealed class ImageFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images-").FullName;

    private string File => Path.Combine(_folder, "folder", "image.png");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_image_comes_back_to_the_nearest_level_of_255()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = tensor(
            [0f, 1f, 0.5f, 0.001f, 0.25f, 0.999f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f, 0.8f, 1f / 255, 0.7f, 0.9f, 2f, -1f, 0.55f],
            [3, 2, 3]);

        ImageFile.Write(File, pixels, "identity");

        Tensor levels = ImageFile.Read(File).mul(tensor(255f));
        Assert.Equal(
            [0, 255, 128, 0, 64, 255, 26, 51, 77, 102, 153, 204, 1, 178, 229, 255, 0, 140],
            levels.round().data<float>().Select(level => (int)level));
        Assert.Equal([3L, 2, 3], levels.shape);
    }

    [Fact]
    public void A_file_tells_its_identity_and_any_reader_opens_it()
    {
        ImageFile.Write(File, Gray(), "0123456789abcdef");

        Assert.Equal(new ImageLabel("0123456789abcdef", PixelHash.Of(ImageFile.LevelsOf(Gray()))), ImageFile.LabelOf(File));
        using SKCodec codec = SKCodec.Create(File, out SKCodecResult result);
        Assert.Equal(SKCodecResult.Success, result);
        Assert.Equal(new SKSizeI(3, 2), codec.Info.Size);
    }

    [Fact]
    public void The_same_pixels_and_identity_are_the_same_bytes()
    {
        ImageFile.Write(File, Gray(), "a");
        byte[] first = System.IO.File.ReadAllBytes(File);
        ImageFile.Write(File, Gray(), "a");

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    [InlineData(50)]
    public void A_file_cut_short_has_no_identity(int length)
    {
        ImageFile.Write(File, Gray(), "identity");
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..length]);

        Assert.Null(ImageFile.LabelOf(File));
    }

    [Fact]
    public void Where_there_is_no_file_there_is_no_identity() => Assert.Null(ImageFile.LabelOf(File));

    [Fact]
    public void A_file_that_is_no_image_is_refused_by_name()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "x.png"), "not an image");

        BadInputException problem = Assert.Throws<BadInputException>(() => ImageFile.Read(Path.Combine(_folder, "x.png")));

        Assert.Contains("x.png", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_of_the_pixels_whatever_file_they_stand_in()
    {
        ImageFile.Write(File, Gray(), "a");
        string labeled = ImageFile.PixelHashOf(File);
        using (SKBitmap bitmap = SKBitmap.Decode(File))
        using (SKData png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100))
        {
            System.IO.File.WriteAllBytes(File, png.ToArray());
        }

        Assert.Null(ImageFile.LabelOf(File));
        Assert.Equal(labeled, ImageFile.PixelHashOf(File));
        Assert.True(PixelHash.IsOne(labeled));
        Assert.NotEqual(labeled, PixelHash.Of(ImageFile.LevelsOf(full([3, 3, 2], 0.5f))));
    }

    private static Tensor Gray() => full([3, 2, 3], 0.5f);
}
