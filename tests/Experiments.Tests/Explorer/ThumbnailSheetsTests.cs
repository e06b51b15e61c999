using Experiments.Explorer;
using Experiments.Plans;
using Experiments.Tests.Answers;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Experiments.Tests.Explorer;

public sealed class ThumbnailSheetsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("thumbnails-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(64, 64, 64, 64)]
    [InlineData(512, 512, 96, 96)]
    [InlineData(160, 80, 96, 48)]
    [InlineData(40, 120, 32, 96)]
    public void Each_image_lies_at_its_place_with_its_own_color(int width, int height, int smallWidth, int smallHeight)
    {
        ExploredFolder explored = new(_root, SmallPlan.Plan);
        explored.Paint(width, height);

        ThumbnailSet set = Write(explored);

        Assert.Equal((width, height), (set.Width, set.Height));
        Assert.Equal((smallWidth, smallHeight, 1), (set.Layout.Width, set.Layout.Height, set.Layout.Sheets));
        Assert.Empty(set.Missing);
        using Image<Rgb24> sheet = Image.Load<Rgb24>(explored.Folder.ThumbnailSheet(0));
        for (int image = 0; image < explored.Plan.ImageCount; image++)
        {
            AssertNear(explored.ColorOf(image), At(sheet, set.Layout, image));
        }
    }

    [Fact]
    public void An_image_that_is_not_there_leaves_its_place_gray()
    {
        PlannedImage gone = SmallPlan.Plan.Images.ElementAt(5);
        ExploredFolder explored = new(_root, SmallPlan.Plan);
        explored.Paint(isThere: image => image != gone);

        ThumbnailSet set = Write(explored);

        Assert.Equal([5], set.Missing);
        using Image<Rgb24> sheet = Image.Load<Rgb24>(explored.Folder.ThumbnailSheet(0));
        AssertNear(new Rgb24(0x80, 0x80, 0x80), At(sheet, set.Layout, 5));
        AssertNear(explored.ColorOf(6), At(sheet, set.Layout, 6));
    }

    [Fact]
    public void Where_no_image_is_there_the_sheets_are_all_gray_and_sheets_of_a_larger_run_go()
    {
        ExploredFolder explored = new(_root, SmallPlan.Plan);
        Directory.CreateDirectory(explored.Folder.ExplorerParts);
        File.WriteAllText(explored.Folder.ThumbnailSheet(1), "");
        File.WriteAllText(explored.Folder.ThumbnailSheet(2), "");

        ThumbnailSet set = Write(explored);

        Assert.Equal(explored.Plan.ImageCount, set.Missing.Count);
        Assert.Equal(["sheet-000.jpg"], Directory.GetFiles(explored.Folder.ExplorerParts).Select(Path.GetFileName));
    }

    [Fact]
    public void An_image_of_another_shape_is_fitted_into_its_place()
    {
        ExploredFolder explored = new(_root, SmallPlan.Plan);
        explored.Paint();
        using (Image<Rgb24> wide = new(120, 30, new Rgb24(250, 250, 250)))
        {
            wide.SaveAsPng(explored.Folder.In(explored.Plan.Images.ElementAt(4).Path));
        }

        ThumbnailSet set = Write(explored);

        using Image<Rgb24> sheet = Image.Load<Rgb24>(explored.Folder.ThumbnailSheet(0));
        AssertNear(new Rgb24(250, 250, 250), At(sheet, set.Layout, 4));
        AssertNear(new Rgb24(0x80, 0x80, 0x80), sheet[(4 * set.Layout.Width) + 32, 6]);
    }

    private static ThumbnailSet Write(ExploredFolder explored) => ThumbnailSheets.Write(
        [.. explored.Plan.Images.Select(image => image.Path)], explored.Folder, CancellationToken.None);

    private static Rgb24 At(Image<Rgb24> sheet, ThumbnailLayout layout, int image) => sheet[
        (image % layout.Columns * layout.Width) + (layout.Width / 2), (image / layout.Columns * layout.Height) + (layout.Height / 2)];

    private static void AssertNear(Rgb24 expected, Rgb24 actual) =>
        Assert.True(
            Math.Abs(expected.R - actual.R) < 6 && Math.Abs(expected.G - actual.G) < 6 && Math.Abs(expected.B - actual.B) < 6,
            $"{actual} and not {expected}");
}
