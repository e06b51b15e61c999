using Experiments.Catalog;
using Experiments.Runs;
using Experiments.Specs;

namespace Experiments.Beyond;

/// <summary>One follow-up experiment with its runs on all models.</summary>
/// <param name="FollowUp">Which.</param>
/// <param name="File">Its spec's file.</param>
/// <param name="Spec">What the file says.</param>
internal sealed record FollowUpRuns(FollowUp FollowUp, Asset File, Spec Spec)
{
    /// <summary>The runs, a model each.</summary>
    public List<Preparation> Runs { get; } = [];

    /// <summary>The models that cannot be asked, with the reason.</summary>
    public Dictionary<string, string> Refusals { get; } = [];
}
