namespace Experiments.Specs;

/// <summary>The only words that a slot may take in one condition.</summary>
/// <param name="Slot">The slot, for example <c>object'</c>.</param>
/// <param name="Words">Words of the slot's group, each with the place where it was written.</param>
internal sealed record WordChoice(Slot Slot, IReadOnlyList<(string Word, SourceLocation Location)> Words);
