using DiffusionLens;
using Experiments.Figures;
using SkiaSharp;

namespace Experiments.Tests.Figures;

public sealed class ContactSheetRendererTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("strip-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Small_images_are_doubled_with_hard_edges()
    {
        using SKBitmap strip = Draw(64, right: false);

        // One column of red beside blue: an edge in the middle of the image, and no color between the two.
        Assert.Equal(128 * 64, Count(strip, SKColors.Red));
        Assert.Equal(128 * 64, Count(strip, SKColors.Blue));
    }

    [Fact]
    public void Large_images_are_made_small()
    {
        using SKBitmap strip = Draw(512, right: false);

        Assert.InRange(Count(strip, SKColors.Red), 192 * 92, 192 * 96);
    }

    [Fact]
    public void A_right_image_is_ticked()
    {
        using SKBitmap strip = Draw(64, right: true);

        Assert.InRange(Count(strip, new SKColor(0x00, 0x72, 0xB2)), 100, 400);
    }

    [Fact]
    public void A_sheet_without_rows_is_its_title_and_its_note_alone()
    {
        string path = Path.Combine(_folder, "strip.png");
        ContactSheetRenderer.Draw(new("None", "There is none.", ["Layer 0", "Layer 12"], []), path);
        using SKBitmap none = SKBitmap.Decode(path);
        ContactSheetRenderer.Draw(new("None", "There is none.", [], []), path);
        using SKBitmap bare = SKBitmap.Decode(path);

        Assert.Equal(bare.Bytes, none.Bytes);
    }

    [Fact]
    public void An_image_that_is_not_there_is_named()
    {
        string missing = Path.Combine(_folder, "layer-00.png");
        ContactSheet sheet = new("", "", ["Layer 0"], [new ContactSheetRow("a cow", "seed 0", [ContactSheetCell.FromFile(missing)])]);

        string message = Assert
            .Throws<BadInputException>(() => ContactSheetRenderer.Draw(sheet, Path.Combine(_folder, "strip.png")))
            .Message;

        Assert.StartsWith(missing, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_in_any_script_and_of_any_length_are_drawn()
    {
        string prompt = "a cow 牛 🐄 " + string.Concat(Enumerable.Repeat("and one more cow ", 20)) + new string('w', 80);
        ContactSheet sheet = new(
            prompt,
            prompt,
            ["Layer 0"],
            [new ContactSheetRow(prompt, "seed 0", [new ContactSheetCell(() => TwoColors(64))])]);

        ContactSheetRenderer.Draw(sheet, Path.Combine(_folder, "strip.png"));

        using SKBitmap strip = SKBitmap.Decode(Path.Combine(_folder, "strip.png"));
        Assert.True(strip.Height > 500);
    }

    [Fact]
    public void A_strip_without_rows_has_its_title()
    {
        string path = Path.Combine(_folder, "strip.png");

        ContactSheetRenderer.Draw(new ContactSheet("Races", "There is none.", ["Layer 0"], []), path);

        using SKBitmap strip = SKBitmap.Decode(path);
        Assert.InRange(strip.Height, 60, 200);
    }

    [Fact]
    public void A_strip_of_more_rows_than_webp_has_room_for_is_made_smaller_for_a_page()
    {
        ContactSheetRow row = new("a cow", "seed 0", [new ContactSheetCell(() => TwoColors(512))]);

        byte[] webp = ContactSheetRenderer.EncodeSmall(new("Title", "note", ["Layer 0"], [.. Enumerable.Repeat(row, 90)]));

        using SKBitmap strip = SKBitmap.Decode(webp);
        Assert.Equal(16_383, strip.Height);
        Assert.InRange(strip.Width, 500, 540);
    }

    [Theory]
    [InlineData("a car", 1)]
    [InlineData("赤い車が白い家の前に止まっていて猫がその屋根の上で眠っている", 2)]
    [InlineData("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", 3)]
    public void A_text_without_blanks_is_broken_where_it_is_too_wide(string text, int leastLines)
    {
        TextStyle style = new(Typefaces.Regular, 18, SKColors.Black);

        string[] lines = style.Wrap(text, 174);

        Assert.True(lines.Length >= leastLines);
        Assert.Equal(text, string.Concat(leastLines == 1 ? [text] : lines));
        Assert.All(lines, line => Assert.InRange(style.Measure(line), 1, 174));
    }

    private SKBitmap Draw(int size, bool right)
    {
        string path = Path.Combine(_folder, "strip.png");
        ContactSheetRenderer.Draw(
            new ContactSheet(
                "Title",
                "note",
                ["Layer 0"],
                [new ContactSheetRow("a cow", "seed 0", [new ContactSheetCell(() => TwoColors(size), right)])]),
            path);
        return SKBitmap.Decode(path);
    }

    private static SKImage TwoColors(int size)
    {
        using SKBitmap bitmap = new(size, size);
        bitmap.Erase(SKColors.Red, SKRectI.Create(0, 0, size / 2, size));
        bitmap.Erase(SKColors.Blue, SKRectI.Create(size / 2, 0, size / 2, size));
        return SKImage.FromBitmap(bitmap);
    }

    private static int Count(SKBitmap bitmap, SKColor color) => bitmap.Pixels.Count(pixel => pixel == color);
}
