using System.Collections.Concurrent;
using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld.Scenes;

namespace Training.Rendering;

/// <summary>
/// Paints scenes. The scene's <see cref="Scene.Look"/> decides what its words leave open; the same scene is the same image, always.
/// Thread-safe; sprites are kept in every size and color they were used in.
/// </summary>
/// <param name="art">The pictures of the words.</param>
/// <param name="sizes">Of things in and on others; null: the usual ones.</param>
internal sealed class SceneRenderer(EmojiArt art, SceneSizes? sizes = null)
{
    private const int Side = RenderedScene.Side;
    private const double WidestToSize = 1.15;

    private static readonly SizeRange Alone = new(34, 52), InPair = new(22, 28);

    private readonly SceneSizes _sizes = sizes ?? SceneSizes.Usual;
    private readonly ConcurrentDictionary<(string Word, int Size, string? Color), Sprite> _sprites = new();

    public RenderedScene Render(Scene scene)
    {
        SplitMix64 random = new(scene.Look);
        SceneCanvas canvas = Ground(random);
        switch (scene.Kind)
        {
            case SceneKind.TwoColored:
                SideBySide(canvas, scene, random);
                break;
            case SceneKind.In:
                Inside(canvas, scene, random);
                break;
            case SceneKind.On:
                OnTop(canvas, scene, random);
                break;
            default:
                Stand(canvas, Sized(scene.Objects[0], Alone, random), 0, (Side / 2) + random.Whole(-5, 5), random.Whole(54, 61));
                break;
        }
        return canvas.Finish();
    }

    private static SceneCanvas Ground(SplitMix64 random)
    {
        float Light(double low, double high) => (float)random.Between(low, high);
        return new SceneCanvas(
            random.Whole(40, 53),
            [Light(0.86, 1), Light(0.86, 1), Light(0.86, 1)],
            [Light(0.7, 0.9), Light(0.7, 0.9), Light(0.7, 0.9)]);
    }

    // From left to right, as they are named.
    private void SideBySide(SceneCanvas canvas, Scene scene, SplitMix64 random)
    {
        for (int number = 0; number < 2; number++)
        {
            Sprite sprite = Sized(scene.Objects[number], InPair, random);
            Stand(canvas, sprite, number, (Side / 4 * (1 + (2 * number))) + random.Whole(-1, 1), random.Whole(46, 59));
        }
    }

    // The container, the thing before its back, then the container's front once more from its rim down.
    private void Inside(SceneCanvas canvas, Scene scene, SplitMix64 random)
    {
        Sprite thing = Sized(scene.Objects[0], _sizes.Contained, random), container = Sized(scene.Objects[1], _sizes.Container, random);
        int center = (Side / 2) + random.Whole(-5, 5), top = random.Whole(55, 61) - container.Height, left = center - (container.Width / 2);
        int rim = LevelOf(scene.Objects[1], container);
        canvas.Place(container, 1, left, top);
        Stand(canvas, thing, 0, center, top + rim + (container.Height / 6));
        canvas.Place(container, 1, left, top, fromRow: rim);
    }

    private void OnTop(SceneCanvas canvas, Scene scene, SplitMix64 random)
    {
        Sprite thing = Sized(scene.Objects[0], _sizes.Carried, random), surface = Sized(scene.Objects[1], _sizes.Surface, random);
        int center = (Side / 2) + random.Whole(-5, 5), bottom = random.Whole(58, 62);
        Stand(canvas, surface, 1, center, bottom);
        Stand(canvas, thing, 0, center, bottom - surface.Height + LevelOf(scene.Objects[1], surface));
    }

    private static int LevelOf(SceneObject place, Sprite sprite) => place.Entry.Level is { } level
        ? (int)(sprite.Height * level)
        : throw new BadInputException($"'{place.Word}' has no level in the lexicon, so nothing can be put there");

    private static void Stand(SceneCanvas canvas, Sprite sprite, int number, int center, int bottom) =>
        canvas.Place(sprite, (byte)number, center - (sprite.Width / 2), bottom - sprite.Height);

    // Even sizes only, so that few sprites are kept.
    private Sprite Sized(SceneObject o, SizeRange size, SplitMix64 random) =>
        _sprites.GetOrAdd((o.Word, 2 * random.Whole(size.Smallest / 2, size.Largest / 2), o.Color), Make);

    private Sprite Make((string Word, int Size, string? Color) key)
    {
        Sprite source = art[key.Word];
        double scale = Math.Min((double)key.Size / source.Height, key.Size * WidestToSize / source.Width);
        Sprite sprite = source.Scaled(
            Math.Max(4, (int)Math.Round(source.Width * scale)),
            Math.Max(4, (int)Math.Round(source.Height * scale)));
        return key.Color is null ? sprite : Paint.In(art.Lexicon.Find(key.Color)!.Rgb!.Value, sprite);
    }
}
