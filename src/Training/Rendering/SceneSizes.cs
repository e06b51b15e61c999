namespace Training.Rendering;

/// <summary>How large things are painted where one is in or on another, in pixels of height.</summary>
internal sealed record SceneSizes
{
    /// <summary>As mini-sd and mini-if were trained.</summary>
    public static readonly SceneSizes Usual = new()
    {
        Contained = new(24, 30),
        Container = new(34, 42),
        Carried = new(20, 26),
        Surface = new(30, 38),
    };

    /// <summary>What is in or on another is larger, the other smaller: so that a person, too, can name it in 64 pixels.</summary>
    public static readonly SceneSizes LargeInRelations = new()
    {
        Contained = new(28, 34),
        Container = new(30, 36),
        Carried = new(26, 32),
        Surface = new(28, 34),
    };

    public required SizeRange Contained { get; init; }

    public required SizeRange Container { get; init; }

    public required SizeRange Carried { get; init; }

    public required SizeRange Surface { get; init; }
}
