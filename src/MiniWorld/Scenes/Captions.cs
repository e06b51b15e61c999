using DiffusionLens.Runtime;

namespace MiniWorld.Scenes;

/// <summary>What is said of a scene: mostly the bare words, as prompts have them, at times with more around them.</summary>
internal static class Captions
{
    public static string Say(SceneKind kind, IReadOnlyList<SceneObject> objects, SplitMix64 random)
    {
        string first = Name(objects[0]), second = Name(objects[^1]);
        string caption = kind switch
        {
            SceneKind.In => random.NextDouble() switch
            {
                < 0.4 => $"{first} in {second}",
                < 0.7 => $"{second} with {first}",
                _ => $"{first} is in {second}",
            },
            SceneKind.On => random.NextDouble() switch
            {
                < 0.4 => $"{first} on {second}",
                < 0.6 => $"{second} with {first}",
                < 0.7 => $"{second} with {first} on top",
                _ => $"{first} is on {second}",
            },
            SceneKind.TwoColored => random.Chance(0.85) ? $"{first} and {second}" : $"{first} next to {second}",
            _ => first,
        };
        return Opening(random) + caption;
    }

    /// <summary>The shortest way to say it.</summary>
    public static string Bare(SceneKind kind, IReadOnlyList<SceneObject> objects)
    {
        string first = Name(objects[0]), second = Name(objects[^1]);
        return kind switch
        {
            SceneKind.In => $"{first} in {second}",
            SceneKind.On => $"{first} on {second}",
            SceneKind.TwoColored => $"{first} and {second}",
            _ => first,
        };
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
