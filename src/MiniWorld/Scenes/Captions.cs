namespace MiniWorld.Scenes;

/// <summary>What is said of a scene: mostly the bare words, as prompts have them, at times with more around them.</summary>
internal static class Captions
{
    public static string Say(SceneKind kind, IReadOnlyList<SceneObject> objects, SplitMix64 random)
    {
        string first = Name(objects[0]), second = Name(objects[^1]);
        string caption = kind switch
        {
            SceneKind.In => random.Chance(0.5) ? $"{first} in {second}" : $"{second} with {first}",
            SceneKind.On => random.Chance(0.5) ? $"{first} on {second}" : $"{second} with {first} on top",
            SceneKind.TwoColored => random.Chance(0.85) ? $"{first} and {second}" : $"{first} next to {second}",
            _ => first,
        };
        return Opening(random) + caption;
    }

    private static string Opening(SplitMix64 random) => random.NextDouble() switch
    {
        < 0.7 => "",
        < 0.85 => "a photo of ",
        _ => "a picture of ",
    };

    private static string Name(SceneObject o) => o switch
    {
        { Color: { } color } => $"{LexiconWord.ArticleOf(color)} {color} {o.Word}",
        { Entry.Gender: not null } => o.Word,
        _ => $"{o.Entry.Article} {o.Word}",
    };
}
