using Experiments.Reports;
using SkiaSharp;

namespace Experiments.Tests.Reports;

public sealed class EmbeddedImageTests : IDisposable
{
    private const string Beginning = "data:image/webp;base64,";

    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(40, 60, 40, 60)]
    [InlineData(40, 20_000, 33, 16_383)]
    [InlineData(20_000, 40, 16_383, 33)]
    public void A_strip_that_is_longer_than_webp_has_room_for_is_made_smaller(int width, int height, int shownWidth, int shownHeight)
    {
        string png = Path.Combine(_folder, "strip.png");
        using (SKBitmap bitmap = new(width, height))
        {
            bitmap.Erase(SKColors.White);
            using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            File.WriteAllBytes(png, data.ToArray());
        }

        string uri = EmbeddedImage.Strip("a strip", png).Image;

        Assert.StartsWith(Beginning, uri, StringComparison.Ordinal);
        using SKBitmap shown = SKBitmap.Decode(Convert.FromBase64String(uri[Beginning.Length..]));
        Assert.Equal((shownWidth, shownHeight), (shown.Width, shown.Height));
    }
}
