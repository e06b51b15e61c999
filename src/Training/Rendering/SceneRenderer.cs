using System.Collections.Concurrent;
using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Rendering;

/// <summary>
/// Paints scenes. The scene's <see cref="Scene.Look"/> decides what its words leave open; the same scene is the same image, always.
/// Thread-safe; sprites are kept in every size and color they were used in.
/// </summary>
/// <param name="art">The pictures of the words.</param>
internal sealed class SceneRenderer(EmojiArt art)
{
    private const int Side = RenderedScene.Side;
    private const double WidestToSize = 1.15;

    // As large as 64 pixels hold, so that a person can name things, and in few sizes: a small model has fewer pictures to learn of each.
    private static readonly SizeRange Alone = new(44, 52), InPair = new(26, 28);
    private static readonly SizeRange Contained = new(32, 34), Container = new(34, 36), Carried = new(30, 32), Surface = new(32, 34);

    private readonly ConcurrentDictionary<(string Word, int Size, string? Color), Sprite> _sprites = new();

    public RenderedScene Render(Scene scene)
    {
        SplitMix64 random = new(scene.Look);
        SceneCanvas canvas = Ground(random);
        Put(canvas, scene, Arranged(scene.Kind, random));
        return canvas.Finish();
    }

    /// <summary>A scene's objects in places and sizes of one's own, before a ground of one gray.</summary>
    /// <param name="scene">Its look counts for nothing here.</param>
    /// <param name="places">Of each object.</param>
    /// <param name="ground">The ground's lightness, 0..1.</param>
    public RenderedScene Render(Scene scene, IReadOnlyList<ObjectPlace> places, float ground)
    {
        SceneCanvas canvas = new(RenderedScene.Side, [ground, ground, ground], [ground, ground, ground]);
        Put(canvas, scene, places);
        return canvas.Finish();
    }

    /// <summary>
    /// The sizes that a scene's objects have in images of models, every combination once: those of scenes, and the smaller ones that
    /// earlier scenes had and models learned from.
    /// </summary>
    public static IEnumerable<IReadOnlyList<int>> Sizes(Scene scene) => scene.Kind switch
    {
        SceneKind.In => Pairs(Contained with { Smallest = 28 }, Container with { Smallest = 30 }),
        SceneKind.On => Pairs(Carried with { Smallest = 26 }, Surface with { Smallest = 28 }),
        SceneKind.TwoColored =>
            (InPair with { Smallest = 22 }).All().Select(size => (IReadOnlyList<int>)[.. scene.Objects.Select(_ => size)]),
        _ => (Alone with { Smallest = 34 }).All().Select(size => (IReadOnlyList<int>)[size]),
    };

    private static IEnumerable<IReadOnlyList<int>> Pairs(SizeRange one, SizeRange other) =>
        from first in one.All()
        from second in other.All()
        select (IReadOnlyList<int>)[first, second];

    private static SceneCanvas Ground(SplitMix64 random)
    {
        float Light(double low, double high) => (float)random.Between(low, high);
        return new SceneCanvas(
            random.Whole(44, 50),
            [Light(0.9, 1), Light(0.9, 1), Light(0.9, 1)],
            [Light(0.74, 0.88), Light(0.74, 0.88), Light(0.74, 0.88)]);
    }

    // Sizes first where one object is in or on the other, and else object by object: the order is that of the scenes since the beginning.
    private static ObjectPlace[] Arranged(SceneKind kind, SplitMix64 random)
    {
        switch (kind)
        {
            case SceneKind.TwoColored:
                // From left to right, as they are named.
                return [.. Enumerable.Range(0, 2).Select(number => new ObjectPlace(
                    InPair.Draw(random), (Side / 4 * (1 + (2 * number))) + random.Whole(-1, 1), random.Whole(50, 58)))];
            case SceneKind.In:
                return Together(Contained, Container, new SizeRange(57, 61));
            case SceneKind.On:
                return Together(Carried, Surface, new SizeRange(60, 62));
            default:
                return [new ObjectPlace(Alone.Draw(random), (Side / 2) + random.Whole(-3, 3), random.Whole(56, 60))];
        }

        ObjectPlace[] Together(SizeRange one, SizeRange other, SizeRange bottoms)
        {
            int first = one.Draw(random), second = other.Draw(random), center = (Side / 2) + random.Whole(-3, 3);
            int bottom = random.Whole(bottoms.Smallest, bottoms.Largest);
            return [new ObjectPlace(first, center, bottom), new ObjectPlace(second, center, bottom)];
        }
    }

    private void Put(SceneCanvas canvas, Scene scene, IReadOnlyList<ObjectPlace> places)
    {
        Sprite[] sprites = [.. scene.Objects.Select((o, i) => _sprites.GetOrAdd((o.Word, places[i].Size, o.Color), Make))];
        switch (scene.Kind)
        {
            case SceneKind.In:
                Inside(canvas, scene, sprites, places[1]);
                break;
            case SceneKind.On:
                Stand(canvas, sprites[1], 1, places[1].Center, places[1].Bottom);
                int level = places[1].Bottom - sprites[1].Height + LevelOf(scene.Objects[1], sprites[1]);
                Stand(canvas, sprites[0], 0, places[0].Center, level);
                break;
            default:
                for (int i = 0; i < sprites.Length; i++)
                {
                    Stand(canvas, sprites[i], i, places[i].Center, places[i].Bottom);
                }

                break;
        }
    }

    // The container, the thing before its back, then the container's front once more from its rim down.
    private static void Inside(SceneCanvas canvas, Scene scene, Sprite[] sprites, ObjectPlace place)
    {
        Sprite thing = sprites[0], container = sprites[1];
        int top = place.Bottom - container.Height, left = place.Center - (container.Width / 2);
        int rim = LevelOf(scene.Objects[1], container);
        canvas.Place(container, 1, left, top);
        Stand(canvas, thing, 0, place.Center, top + rim + (container.Height / 6));
        canvas.Place(container, 1, left, top, fromRow: rim);
    }

    private static int LevelOf(SceneObject place, Sprite sprite) => place.Entry.Level is { } level
        ? (int)(sprite.Height * level)
        : throw new BadInputException($"'{place.Word}' has no level in the lexicon, so nothing can be put there");

    private static void Stand(SceneCanvas canvas, Sprite sprite, int number, int center, int bottom) =>
        canvas.Place(sprite, (byte)number, center - (sprite.Width / 2), bottom - sprite.Height);

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
