namespace Experiments.Specs;

/// <summary>A table of an experiment.</summary>
/// <param name="Name">Name of its files, for example <c>table-1</c>.</param>
/// <param name="Title">One line above it.</param>
/// <param name="Rows">Which rows enter.</param>
/// <param name="Of">The conditions, a part of the table each.</param>
internal abstract record TableSpec(string Name, string Title, RowChoice Rows, IReadOnlyList<string> Of)
{
    /// <summary>
    /// Names of tables that are written without being asked for: how far each two annotators agree, how far all of them do, and shares that
    /// were corrected for their errors. No table of a spec has them.
    /// </summary>
    public const string AgreementOfPairs = "agreement", AgreementOfAll = "agreement-of-all", Corrected = "corrected";

    /// <summary><c>order of appearance: [FIRST, SECOND]</c>: which of two things comes earlier, and how often they race.</summary>
    /// <param name="Name">Name of its files.</param>
    /// <param name="Title">One line above it.</param>
    /// <param name="Rows">Which rows enter.</param>
    /// <param name="Of">The conditions.</param>
    /// <param name="First">The question whether the first is there.</param>
    /// <param name="Second">The question whether the second is there.</param>
    public sealed record Order(string Name, string Title, RowChoice Rows, IReadOnlyList<string> Of, string First, string Second)
        : TableSpec(Name, Title, Rows, Of);

    /// <summary><c>first layer: [QUESTIONS]</c>: in which layer the answer is first yes, by question and condition.</summary>
    /// <param name="Name">Name of its files.</param>
    /// <param name="Title">One line above it.</param>
    /// <param name="Rows">Which rows enter.</param>
    /// <param name="Of">The conditions.</param>
    /// <param name="Questions">The questions; none: what makes an image right.</param>
    public sealed record FirstLayer(string Name, string Title, RowChoice Rows, IReadOnlyList<string> Of, IReadOnlyList<string> Questions)
        : TableSpec(Name, Title, Rows, Of);

    /// <summary><c>frequency of words: [MORE, LESS]</c>: whether the words of one condition are more common, by Mann-Whitney's U.</summary>
    /// <param name="Name">Name of its files.</param>
    /// <param name="Title">One line above it.</param>
    /// <param name="Of">The two conditions, the one that should be more common first.</param>
    public sealed record Frequency(string Name, string Title, IReadOnlyList<string> Of) : TableSpec(Name, Title, RowChoice.All, Of);

    /// <summary>
    /// <c>paired differences: {LABEL: ...}</c>: how much more often something is so in one condition than in another of the same prompts.
    /// </summary>
    /// <param name="Name">Name of its files.</param>
    /// <param name="Title">One line above it.</param>
    /// <param name="Compared">The differences, each with its label.</param>
    public sealed record Differences(string Name, string Title, IReadOnlyList<(string Label, DifferenceSpec Difference)> Compared)
        : TableSpec(
            Name,
            Title,
            RowChoice.All,
            [.. Compared.SelectMany(row => new[] { row.Difference.First.Condition, row.Difference.Second.Condition }).Distinct()]);
}
