using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Runs;

/// <summary>What <c>run</c> was asked for.</summary>
/// <param name="Spec">An experiment's name or file.</param>
/// <param name="Model">Which model.</param>
/// <param name="Sampler">How to sample.</param>
/// <param name="Limits">Which part of the plan.</param>
/// <param name="Only">One stage, or null for all.</param>
/// <param name="Out">The results folder; null: <c>results/EXPERIMENT/MODEL</c>.</param>
/// <param name="Force">Do again what is done.</param>
/// <param name="DryRun">Show the plan and do nothing.</param>
internal sealed record RunRequest(
    string Spec, ModelRequest Model, SamplerRequest Sampler, PlanLimits Limits, Stage? Only, string? Out, bool Force, bool DryRun);
