namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Something that a single file does not say and that its images depend on.</summary>
/// <param name="What">What it is about, such as <c>prediction type</c>.</param>
/// <param name="Value">What is taken, such as <c>epsilon</c>.</param>
/// <param name="Source">Why: a sign in the file, the user's word, or what all models of the kind have.</param>
public sealed record Assumption(string What, string Value, string Source)
{
    /// <summary>Assumptions in words, a line for each source.</summary>
    internal static IReadOnlyList<string> Lines(IEnumerable<Assumption> assumed) =>
        [
            .. assumed.GroupBy(one => one.Source)
                .Select(group => $"{string.Join("; ", group.Select(one => $"{one.What} {one.Value}"))} ({group.Key})"),
        ];
}
