namespace Experiments.Specs;

/// <summary>A curve: layer by layer, the proportion of rows (prompt, seed) for which a rule over the answers holds.</summary>
/// <param name="Label">Its entry in the legend.</param>
/// <param name="Over">The conditions whose rows are counted together, each with the rule that judges its rows; at least one.</param>
internal sealed record CurveSpec(string Label, IReadOnlyList<MeasuredCondition> Over)
{
    /// <summary>Counts prompts, not rows: those that have so many representative tokens. Null: rows are counted.</summary>
    public TokenCount? Representative { get; init; }
}
