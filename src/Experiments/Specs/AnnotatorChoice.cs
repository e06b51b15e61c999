namespace Experiments.Specs;

/// <summary>Whose answers a figure is drawn from, where several annotators gave some.</summary>
internal abstract record AnnotatorChoice
{
    private AnnotatorChoice()
    {
    }

    /// <summary><c>first</c>: of each question of a condition the one whose answers come first.</summary>
    public sealed record First : AnnotatorChoice;

    /// <summary><c>all</c>: the same, and others for prompts and seeds about which the first was not asked.</summary>
    public sealed record All : AnnotatorChoice;

    /// <summary><c>majority</c>: what more of them say; where as many say yes as no there is no answer.</summary>
    public sealed record Majority : AnnotatorChoice;

    /// <summary>One by name.</summary>
    /// <param name="Name">A person's name, or a machine's with or without its hash.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record By(string Name, SourceLocation Location) : AnnotatorChoice;
}
