using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;

namespace Training.Recognition;

/// <summary>
/// What somebody saw in an image, in words: <c>nothing</c>, or things joined by <c> + </c>, or one in or on another; a color before what is
/// painted in it, a person by gender and trade, <c>?</c>, <c>animal</c> and <c>person</c> for what was seen and not recognized:
/// <c>red car + ?</c>, <c>cat in bathtub</c>, <c>female doctor</c>.
/// </summary>
internal static class Observation
{
    private const string Nothing = "nothing";

    private static readonly string[] Unrecognized = ["?", "animal", "person"];

    /// <summary>The scene that was seen; it knows the answers.</summary>
    /// <param name="text">In the words above.</param>
    /// <param name="lexicon">The world's words.</param>
    /// <exception cref="FormatException">It is not said in these words; names the word.</exception>
    public static Scene Read(string text, Lexicon lexicon) => new(text, default, [.. Objects(text, lexicon)], Look: 0);

    private static IEnumerable<SceneObject> Objects(string text, Lexicon lexicon)
    {
        if (text == Nothing)
        {
            return [];
        }

        foreach (string relation in RecognizerConfig.Relations)
        {
            if (text.Split($" {relation} ") is [var thing, var place])
            {
                return (Named(thing, lexicon), Named(place, lexicon)) switch
                {
                    ({ } held, { } holding) => [held with { Relation = relation }, holding],
                    ({ } one, null) => [one],
                    (null, { } one) => [one],
                    _ => [],
                };
            }
        }

        return text.Split(" + ").Select(part => Named(part, lexicon)).OfType<SceneObject>();
    }

    private static SceneObject? Named(string text, Lexicon lexicon)
    {
        if (Unrecognized.Contains(text))
        {
            return null;
        }

        if (lexicon.Find(text) is { Rgb: null } word)
        {
            return new SceneObject(word);
        }

        if (text.Split(' ', 2) is [var first, var rest])
        {
            if (lexicon.Group("color").Contains(first)
                && lexicon.Words("object").FirstOrDefault(thing => thing.Text == rest) is { } painted)
            {
                return new SceneObject(painted, first);
            }

            if (lexicon.AllWords.FirstOrDefault(someone => someone.Gender == first && someone.Trade == rest) is { } person)
            {
                return new SceneObject(person);
            }
        }

        throw new FormatException(
            $"'{text}' is no word of the world, nor one that takes a color with a color before it, nor gender and trade");
    }
}
