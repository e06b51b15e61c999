namespace MiniWorld.Scenes;

/// <summary>What a scene shows; in a lexicon's <c>scenes:</c> by the names of <see cref="SceneKinds"/>.</summary>
public enum SceneKind
{
    /// <summary>One thing as it is: <c>a car</c>.</summary>
    Thing,

    /// <summary>One thing in a color: <c>a red car</c>.</summary>
    Colored,

    /// <summary>Two things in two colors: <c>a red car and a blue star</c>.</summary>
    TwoColored,

    /// <summary>Something in a container: <c>a dog in a box</c>.</summary>
    In,

    /// <summary>Something on a surface: <c>a star on a table</c>.</summary>
    On,

    /// <summary>An animal: <c>an otter</c>.</summary>
    Animal,

    /// <summary>A person: <c>aldo marn</c>.</summary>
    Person,
}

/// <summary>The kinds' names in files.</summary>
public static class SceneKinds
{
    private static readonly Dictionary<string, SceneKind> ByName = new()
    {
        ["thing"] = SceneKind.Thing,
        ["colored"] = SceneKind.Colored,
        ["two colored"] = SceneKind.TwoColored,
        ["in"] = SceneKind.In,
        ["on"] = SceneKind.On,
        ["animal"] = SceneKind.Animal,
        ["person"] = SceneKind.Person,
    };

    /// <summary>The names of all kinds, in the order of the enumeration.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The kind of this name, one of <see cref="Names"/>.</summary>
    public static SceneKind Named(string name) => ByName[name];

    /// <summary>The kind's name.</summary>
    public static string Name(this SceneKind kind) => ByName.First(entry => entry.Value == kind).Key;
}
