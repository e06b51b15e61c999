namespace Experiments.Specs;

/// <summary>What is counted, layer by layer: the proportion of rows (prompt, seed) for which a rule over the answers holds.</summary>
/// <param name="Name">Its name in the spec; <c>right</c> and the name of a question where a curve names those directly.</param>
/// <param name="Over">The conditions whose rows are counted together, each with the rule that judges it.</param>
public sealed record MeasureSpec(string Name, IReadOnlyList<MeasuredCondition> Over);

/// <summary>One condition within a measure.</summary>
/// <param name="Condition">The condition's name.</param>
/// <param name="Rule">What makes a row of it count as yes.</param>
public sealed record MeasuredCondition(string Condition, AnswerRule Rule);
