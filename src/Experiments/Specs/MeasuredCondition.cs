namespace Experiments.Specs;

/// <summary>One condition within a curve or a comparison.</summary>
/// <param name="Condition">The condition's name.</param>
/// <param name="Rule">What makes a row of it count as yes.</param>
internal sealed record MeasuredCondition(string Condition, AnswerRule Rule)
{
    /// <summary>Whether rows count for which the rule does not hold: <c>no</c> and <c>wrong</c>.</summary>
    public bool IsNegated { get; init; }

    /// <summary>
    /// Which token's rows enter, of a condition that shows one after another: 1 for the first of each prompt's. Null: the rows of all.
    /// </summary>
    public int? Token { get; init; }

    /// <summary>The same for the same measure, however it was written.</summary>
    public string Key => string.Join(
        '\n',
        [Condition, IsNegated ? "no" : "yes", Rule.All ? "all" : "any", $"{Token}", .. Rule.Questions.Order(StringComparer.Ordinal)]);
}
