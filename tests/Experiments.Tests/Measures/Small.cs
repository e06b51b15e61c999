using Experiments.Specs;
using Experiments.Tests.Answers;

namespace Experiments.Tests.Measures;

/// <summary>A spec of the one condition of <see cref="Rows"/>.</summary>
internal static class Small
{
    public static readonly Spec Spec = SmallPlan.Plan.Spec with
    {
        Name = "small",
        Conditions = [Rows.Condition],
        Questions = [],
        Figures = [],
    };
}
