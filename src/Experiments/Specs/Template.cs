namespace Experiments.Specs;

/// <summary>A text with slots: <c>{a color} {object}</c>.</summary>
/// <param name="Source">The text as it was written.</param>
/// <param name="Parts">The text cut at its slots.</param>
public sealed record Template(string Source, IReadOnlyList<TemplatePart> Parts)
{
    /// <summary>The slots, each once, in the order of their first mention.</summary>
    public IReadOnlyList<Slot> Slots => [.. Parts.OfType<TemplatePart.Word>().Select(part => part.Slot).Distinct()];
}

/// <summary>A piece of a template.</summary>
public abstract record TemplatePart
{
    private TemplatePart()
    {
    }

    /// <summary>Text as it stands.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : TemplatePart;

    /// <summary>A slot: a word, with or without its article.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Article">True where <c>a</c> or <c>an</c> goes before the word.</param>
    /// <param name="Place">Where it was written, <c>file:line:column</c>.</param>
    public sealed record Word(Slot Slot, bool Article, string Place) : TemplatePart;
}
