namespace Experiments.Specs;

/// <summary>A place for a word in a template: a group of the lexicon, and which of the words drawn from it.</summary>
/// <param name="Group">The group, for example <c>object</c>.</param>
/// <param name="Number">0 for <c>object</c>, 1 for <c>object'</c>, 2 for <c>object''</c>.</param>
public sealed record Slot(string Group, int Number)
{
    /// <summary>As it is written in a spec: <c>object'</c>.</summary>
    public string Name => Group + new string('\'', Number);
}
