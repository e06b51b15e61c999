using Experiments.Figures;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SkiaSharp;

namespace Experiments.Tests.Figures;

public sealed class AnimationRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("animation-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Columns_follow_each_other_rows_stand_side_by_side_and_it_begins_anew()
    {
        using Image<Rgba32> animation = Image.Load<Rgba32>(Draw("a.gif"));

        // Three layers, and between each two what is half of both.
        Assert.Equal(5, animation.Frames.Count);
        Assert.Equal(0, animation.Metadata.GetGifMetadata().RepeatCount);
        int left = 10 + 64, right = 10 + 128 + 6 + 64;
        AssertNear(new Rgba32(255, 0, 0), animation.Frames[0][left, 70]);
        AssertNear(new Rgba32(0, 0, 255), animation.Frames[0][right, 70]);
        AssertNear(new Rgba32(127, 127, 0), animation.Frames[1][left, 70]);
        AssertNear(new Rgba32(0, 255, 0), animation.Frames[2][left, 70]);
        AssertNear(new Rgba32(0, 0, 255), animation.Frames[4][right, 70]);
        Assert.True(
            animation.Frames[4].Metadata.GetGifMetadata().FrameDelay > animation.Frames[0].Metadata.GetGifMetadata().FrameDelay);
    }

    [Fact]
    public void The_same_images_give_the_same_bytes() =>
        Assert.Equal(File.ReadAllBytes(Draw("a.gif")), File.ReadAllBytes(Draw("b.gif")));

    private static void AssertNear(Rgba32 expected, Rgba32 actual)
    {
        Assert.InRange(actual.R, expected.R - 3, expected.R + 3);
        Assert.InRange(actual.G, expected.G - 3, expected.G + 3);
        Assert.InRange(actual.B, expected.B - 3, expected.B + 3);
    }

    private string Draw(string name)
    {
        ContactSheet sheet = new(
            "a cow",
            "",
            ["Layer 0", "Layer 2", "Layer 4"],
            [
                new("a cow", "seed 0", [Of(SKColors.Red), Of(new SKColor(0, 255, 0)), Of(SKColors.Red)]),
                new("a cow", "seed 1", [Of(SKColors.Blue), Of(SKColors.Red), Of(SKColors.Blue)]),
            ]);
        string path = Path.Combine(_folder, name);
        AnimationRenderer.Draw(sheet, path);
        return path;
    }

    private static ContactSheetCell Of(SKColor color) => new(() =>
    {
        using SKBitmap bitmap = new(64, 64);
        bitmap.Erase(color);
        return SKImage.FromBitmap(bitmap);
    });
}
