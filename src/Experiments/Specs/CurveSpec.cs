namespace Experiments.Specs;

/// <summary>A curve: layer by layer, the proportion of rows (prompt, seed) for which a rule over the answers holds.</summary>
/// <param name="Label">Its entry in the legend.</param>
/// <param name="Over">The conditions whose rows are counted together, each with the rule that judges its rows; at least one.</param>
internal sealed record CurveSpec(string Label, IReadOnlyList<MeasuredCondition> Over);

/// <summary>One condition within a curve.</summary>
/// <param name="Condition">The condition's name.</param>
/// <param name="Rule">What makes a row of it count as yes.</param>
internal sealed record MeasuredCondition(string Condition, AnswerRule Rule);
