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
    private const int MostStatements = 3;

    /// <summary>The document about scene number <paramref name="index"/>.</summary>
    public static string At(SceneSampler scenes, ulong index) => Of(scenes.At(index), new SplitMix64(SplitMix64.Mix(~index)));

    /// <summary>The scene's caption among one to three further statements, in any order.</summary>
    public static string Of(Scene scene, SplitMix64 random)
    {
        List<string> statements = [.. Statements(scene)], told = [scene.Caption];
        for (int left = 1 + random.Whole(0, MostStatements - 1); left > 0 && statements.Count > 0; left--)
        {
            int drawn = random.Whole(0, statements.Count - 1);
            told.Insert(random.Whole(0, told.Count), statements[drawn]);
            statements.RemoveAt(drawn);
        }

        return string.Join(" . ", told);
    }

    /// <summary>All that can be said of a scene in sentences of one fact each.</summary>
    public static IEnumerable<string> Statements(Scene scene)
    {
        foreach (SceneObject o in scene.Objects)
        {
            string name = The(o);
            if (o.Color is { } color)
            {
                yield return $"{name} is {color}";
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

    private static string The(SceneObject o) => o.Entry.Gender is null ? $"the {o.Word}" : o.Word;
}
