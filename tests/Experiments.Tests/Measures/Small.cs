using Experiments.Specs;

namespace Experiments.Tests.Measures;

/// <summary>A spec of the one condition of <see cref="Rows"/>.</summary>
internal static class Small
{
    public static readonly Spec Spec = new(
        "small", "small.yaml", new string('0', 64), "Small", new LayerChoice.All(default), [0], PromptSeed: 0, new SamplerSpec(),
        [Rows.Condition], [], [], []);
}
