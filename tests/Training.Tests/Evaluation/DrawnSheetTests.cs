using MiniWorld;
using MiniWorld.Scenes;
using SkiaSharp;
using Training.Denoiser;
using Training.Evaluation;
using Training.Rendering;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Evaluation;

public sealed class DrawnSheetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("drawn-sheet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Beside_a_sheet_lie_its_scenes_as_drawn_and_much_the_same_through_the_autoencoder()
    {
        using FrozenParts parts = FrozenParts.Load(Path.Combine(AppContext.BaseDirectory, "models", "mini-sd"), ScalarType.Float32);
        float[][]? decodedValues = Save(parts);

        Assert.Equal(LastLayerEvaluation.SheetColumns, decodedValues?.Length);
        using SKBitmap drawn = SKBitmap.Decode(Path.Combine(_folder, "sheet-drawn.png"));
        using SKBitmap decoded = SKBitmap.Decode(Path.Combine(_folder, "sheet-autoencoder.png"));
        Assert.Equal(((20 * 66) - 2, 64), (drawn.Width, drawn.Height));
        Assert.Equal((drawn.Width, drawn.Height), (decoded.Width, decoded.Height));
        Assert.InRange(drawn.Pixels.Zip(decoded.Pixels, (one, other) => Math.Abs(one.Green - other.Green)).Average(), 0.1, 10);
    }

    [SkippableFact]
    public void A_model_without_an_autoencoder_has_the_drawn_ones_alone()
    {
        Assert.Null(Save(parts: null));
        Assert.Equal(["sheet-drawn.png"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private float[][]? Save(FrozenParts? parts)
    {
        Lexicon words = Lexicon.Load(InstalledArt.LexiconPath);
        IEnumerable<Scene> scenes = LastLayerEvaluation.SheetScenes(words).Take(LastLayerEvaluation.SheetColumns);
        SceneRenderer renderer = new(EmojiArt.Load(InstalledArt.Folder(), words));
        return DrawnSheet.Save(Path.Combine(_folder, "sheet.png"), scenes, renderer, parts);
    }
}
