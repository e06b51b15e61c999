using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Language;

/// <summary>
/// What the language model reads: a scene told in a few sentences. Captions alone would teach it nothing of binding (any colour goes with any
/// thing, so no word of a caption tells another); where a scene is told twice, "the star is ..." can only be filled in by who has
/// understood which colour the star had before.
/// </summary>
internal static class SceneDocuments
{
    /// <summary>Between two sentences of a document.</summary>
    public const string Stop = " . ";

    private const int MostStatements = 3;

    /// <summary>
    /// The sentences about scene number <paramref name="index"/>: every other scene has two coloured things, the others are as the pictures'
    /// are. Only where there are two colours, is there something to bind.
    /// </summary>
    public static IReadOnlyList<string> At(SceneSampler scenes, ulong index)
    {
        Scene scene = index % 2 == 0 ? scenes.At(index) : scenes.At(index, SceneKind.TwoColored);
        return Of(scene, new SplitMix64(SplitMix64.Mix(~index)));
    }

    /// <summary>The scene's caption among one to three further statements, in any order; of two colours one is always told again.</summary>
    public static IReadOnlyList<string> Of(Scene scene, SplitMix64 random)
    {
        List<string> statements = [.. Statements(scene)], told = [scene.Caption];
        int count = 1 + random.Whole(0, MostStatements - 1);
        if (scene.Kind == SceneKind.TwoColored)
        {
            Tell(ColorOf(scene.Objects[random.Whole(0, 1)])!);
        }

        while (told.Count <= count && statements.Count > 0)
        {
            Tell(statements[random.Whole(0, statements.Count - 1)]);
        }

        return told;

        void Tell(string statement)
        {
            told.Insert(random.Whole(0, told.Count), statement);
            statements.Remove(statement);
        }
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
