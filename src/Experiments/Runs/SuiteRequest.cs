using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>What is asked of commands that run many experiments on many models.</summary>
internal record SuiteRequest
{
    /// <summary>The models, by name or folder.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Where to run them.</summary>
    public required string Device { get; init; }

    public required string DType { get; init; }

    /// <summary>Which weights are taken where a folder has several, or null.</summary>
    public string? Variant { get; init; }

    /// <summary>What is said of models in a single file, or null.</summary>
    public SingleFileOptions? SingleFile { get; init; }

    /// <summary>What is done to prompts first.</summary>
    public TextCleaning Cleaning { get; init; }

    /// <summary>How to sample.</summary>
    public required SamplerRequest Sampler { get; init; }

    /// <summary>Which part of each experiment.</summary>
    public required PlanLimits Limits { get; init; }

    /// <summary>The folder of results.</summary>
    public required ResultsRoot Results { get; init; }

    /// <summary>As <see cref="RunRequest.Options"/>.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>The run of one experiment on one model.</summary>
    public RunRequest Of(Spec experiment, string model) => new()
    {
        Spec = experiment.Path,
        Model = new ModelRequest(model, Device, DType, Variant) { SingleFile = SingleFile, Cleaning = Cleaning },
        Sampler = Sampler,
        Limits = Limits,
        Out = Results.Of(experiment.Name, ModelInfo.NameOf(model)).Path,
        Options = Options,
    };
}
