using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Language;

/// <summary>
/// What the language model reads: scenes told in a few sentences. Captions alone would teach it nothing of binding (any color goes with any
/// thing, so no word of a caption tells another); where a scene is told twice, "the star is ..." can only be filled in by who has
/// understood which color the star had before. The more colors stand in a document, the more there is to learn from it.
/// </summary>
internal static class SceneDocuments
{
    /// <summary>Between two sentences of a document.</summary>
    public const string Stop = " . ";

    private const int MostScenes = 1, MostStatements = 3;

    /// <summary>
    /// The sentences of document number <paramref name="index"/>, in any order: of one to three scenes that have no thing in common. Three
    /// of four scenes have two colored things, the others are as the images' are: only where there are two colors, is there something to
    /// bind.
    /// </summary>
    public static IReadOnlyList<string> At(SceneSampler scenes, ulong index)
    {
        SplitMix64 random = new(SplitMix64.Mix(~index));
        HashSet<string> things = [];
        List<string> told = [];
        for (int left = 1 + random.Whole(0, MostScenes - 1); left > 0; left--)
        {
            ulong number = random.NextBits();
            Scene scene = number % 4 == 0 ? scenes.At(number) : scenes.At(number, SceneKind.TwoColored);
            if (!scene.Objects.Any(o => things.Contains(o.Word)))
            {
                things.UnionWith(scene.Objects.Select(o => o.Word));
                told.AddRange(Of(scene, random));
            }
        }

        return [.. told.OrderBy(_ => random.NextBits())];
    }

    /// <summary>The scene's caption and one to three further statements; of two colors one is always told again.</summary>
    public static IReadOnlyList<string> Of(Scene scene, SplitMix64 random)
    {
        List<string> statements = [.. Statements(scene).OrderBy(_ => random.NextBits())];
        if (scene.Kind == SceneKind.TwoColored)
        {
            string color = ColorOf(scene.Objects[random.Whole(0, 1)])!;
            statements.Remove(color);
            statements.Insert(0, color);
        }

        return [scene.Caption, .. statements.Take(1 + random.Whole(0, MostStatements - 1))];
    }

    /// <summary>All that can be said of a scene in sentences of one fact each.</summary>
    public static IEnumerable<string> Statements(Scene scene)
    {
        foreach (SceneObject o in scene.Objects)
        {
            string name = The(o);
            if (ColorOf(o) is { } colored)
            {
                yield return colored;
            }

            foreach (string fact in new[] { o.Entry.Class, o.Entry.Gender, o.Entry.Trade }.OfType<string>())
            {
                yield return $"{name} is {LexiconWord.ArticleOf(fact)} {fact}";
            }
        }

        if (scene.Objects is [var first, var second])
        {
            if (first.Relation is { } relation)
            {
                yield return $"{The(first)} is {relation} {The(second)}";
                yield return $"{The(second)} has {The(first)}";
            }
            else
            {
                yield return $"{The(first)} is left of {The(second)}";
                yield return $"{The(second)} is right of {The(first)}";
            }
        }
    }

    private static string? ColorOf(SceneObject o) => o.Color is null ? null : $"{The(o)} is {o.Color}";

    private static string The(SceneObject o) => o.Entry.Gender is null ? $"the {o.Word}" : o.Word;
}
