using MiniWorld.Scenes;
using Training.Rendering;

namespace Training.Matching;

/// <summary>
/// Looks for a scene's objects in an image that a model made of its caption. Each word has one drawing, so what a person would call
/// that word is what looks like the drawing, somewhere and in some size; a relation's two objects are looked for as one picture.
/// </summary>
internal sealed class SceneMatch(SceneRenderer renderer)
{
    // Where templates are drawn, and how far from there scenes (and models that learned from them) put things.
    private const int Center = RenderedScene.Side / 2, Bottom = 58, Coarse = 2;
    private const float Ground = 0.88f;

    /// <summary>Each object's best place, in the scene's order.</summary>
    /// <param name="image">3 × 64 × 64, 0..1.</param>
    public IReadOnlyList<FoundObject> Find(Scene scene, float[] image)
    {
        GroundedImage grounded = GroundedImage.Of(image);
        return scene.Kind switch
        {
            SceneKind.TwoColored =>
                [.. scene.Objects.SelectMany(o => FindTogether(scene with { Objects = [o] }, grounded, new Reach(20, -14, 5)))],
            SceneKind.In or SceneKind.On => FindTogether(scene, grounded, new Reach(9, -5, 5)),
            _ => FindTogether(scene, grounded, new Reach(9, -6, 5)),
        };
    }

    private FoundObject[] FindTogether(Scene scene, GroundedImage image, Reach reach)
    {
        FoundObject[] best = [];
        double highest = double.NegativeInfinity;
        foreach (IReadOnlyList<int> sizes in SceneRenderer.Sizes(scene))
        {
            RenderedScene drawn = renderer.Render(scene, [.. sizes.Select(size => new ObjectPlace(size, Center, Bottom))], Ground);
            DrawnObject[] objects = [.. scene.Objects.Select((_, number) => DrawnObject.Of(drawn, (byte)number))];
            (int Right, int Down) place = Best(objects, image, reach.Places(Coarse));
            place = Best(objects, image, Around(place));
            double[] scores = [.. objects.Select(o => o.Correlation(image, place.Right, place.Down))];
            if (scores.Sum() > highest)
            {
                highest = scores.Sum();
                best = [.. objects.Select((o, i) => new FoundObject(scores[i], [.. o.Pixels(place.Right, place.Down)]))];
            }
        }

        return best;
    }

    private static (int Right, int Down) Best(DrawnObject[] objects, GroundedImage image, IEnumerable<(int Right, int Down)> places) =>
        places.MaxBy(place => objects.Sum(o => o.Correlation(image, place.Right, place.Down)));

    private static IEnumerable<(int Right, int Down)> Around((int Right, int Down) place) =>
        from right in Enumerable.Range(-1, 3)
        from down in Enumerable.Range(-1, 3)
        select (place.Right + right, place.Down + down);

    /// <summary>How far things are looked for from where templates are drawn.</summary>
    private readonly record struct Reach(int Sideways, int Up, int Down)
    {
        public IEnumerable<(int Right, int Down)> Places(int step)
        {
            for (int right = -Sideways; right <= Sideways; right += step)
            {
                for (int down = Up; down <= Down; down += step)
                {
                    yield return (right, down);
                }
            }
        }
    }
}
