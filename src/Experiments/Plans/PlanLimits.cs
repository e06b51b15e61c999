using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>What a user asks for in place of the spec's own; null keeps the spec's.</summary>
/// <param name="Layers"><c>--layers</c>.</param>
/// <param name="Seeds"><c>--seeds</c>, each once.</param>
/// <param name="Prompts"><c>--limit</c>: at most so many prompts of each condition. They are the first of the full sample.</param>
public sealed record PlanLimits(LayerChoice? Layers = null, IReadOnlyList<int>? Seeds = null, int? Prompts = null)
{
    /// <summary>The spec as it is.</summary>
    public static PlanLimits None { get; } = new();
}
