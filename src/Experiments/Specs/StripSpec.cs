namespace Experiments.Specs;

/// <summary>A sheet of contact strips: a row a prompt (at one seed), a column a layer.</summary>
/// <param name="Name">Name of its files, for example <c>fig-4</c>.</param>
/// <param name="Title">One line above the sheet.</param>
/// <param name="Of">The conditions its prompts come from, in this order.</param>
/// <param name="Prompts">How many prompts of each condition: the first that have a row that may be shown.</param>
/// <param name="Rows">Which rows may be shown; of each prompt the first that may is.</param>
internal sealed record StripSpec(string Name, string Title, IReadOnlyList<string> Of, int Prompts, RowChoice Rows)
{
    /// <summary>What a row must show besides; null: nothing.</summary>
    public ExampleRule? Shows { get; init; }
}
