namespace Experiments.Specs;

/// <summary>A piece of a template.</summary>
internal abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>Text as it stands.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : TemplatePart;

    /// <summary>A slot: a word, with or without its article.</summary>
    /// <param name="Article">True where <c>a</c> or <c>an</c> goes before the word.</param>
    /// <param name="Location">Where it was written.</param>
    public sealed record Word(Slot Slot, bool Article, SourceLocation Location) : TemplatePart;
}
