namespace Experiments.Specs;

/// <summary>
/// A place for a word in a template, such as <c>object</c>, or for what the lexicon knows of that word: <c>class of animal</c>.
/// </summary>
/// <param name="Group">The group the word is drawn from where the condition says no other, for example <c>object</c>.</param>
/// <param name="Number">0 for <c>object</c>, 1 for <c>object'</c>, 2 for <c>object''</c>.</param>
/// <param name="Attribute">One of <see cref="MiniWorld.LexiconWord.Attributes"/>, or null for the word itself.</param>
internal sealed record Slot(string Group, int Number, string? Attribute = null)
{
    /// <summary>As it is written in a spec: <c>object'</c>, <c>class of animal</c>.</summary>
    public string Name => (Attribute is null ? "" : $"{Attribute} of ") + Group + new string('\'', Number);

    /// <summary>The place of the word itself.</summary>
    public Slot Word => this with { Attribute = null };
}
