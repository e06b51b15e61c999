using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>What a user asks for in place of the spec's own; null keeps the spec's.</summary>
/// <param name="Layers"><c>--layers</c>.</param>
/// <param name="Seeds"><c>--seeds</c>, each once.</param>
/// <param name="Prompts"><c>--limit</c>: at most so many prompts of each condition. They are the first of the full sample.</param>
/// <param name="WithFigures">Whether figures will be drawn, whose layers must then be there.</param>
internal sealed record PlanLimits(
    LayerChoice? Layers = null, IReadOnlyList<ulong>? Seeds = null, int? Prompts = null, bool WithFigures = true)
{
    /// <summary>The spec as it is.</summary>
    public static PlanLimits None { get; } = new();
}
