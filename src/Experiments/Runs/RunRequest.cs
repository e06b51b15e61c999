using Experiments.Models;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>What <c>run</c> was asked for.</summary>
internal sealed record RunRequest
{
    /// <summary>An experiment's name or file.</summary>
    public required string Spec { get; init; }

    public required ModelRequest Model { get; init; }

    /// <summary>How to sample.</summary>
    public required SamplerRequest Sampler { get; init; }

    /// <summary>Where to look, whatever the spec's conditions say.</summary>
    public SiteRequest Site { get; init; } = new();

    /// <summary>What to do to masks, length and padding, whatever the spec's conditions say.</summary>
    public TextRequest Text { get; init; } = new();

    /// <summary>Which part of the plan.</summary>
    public PlanLimits Limits { get; init; } = PlanLimits.None;

    /// <summary>Who answers, the main one first; null: what the spec says, else the model's settings.</summary>
    public IReadOnlyList<string>? Annotators { get; init; }

    /// <summary>Which vision-language model is asked, as far as the command line says.</summary>
    public VisionSpec Vision { get; init; } = new();

    /// <summary>Which CLIP answers, as far as the command line says.</summary>
    public ClipSpec Clip { get; init; } = new();

    /// <summary>The <c>calibration.csv</c> by which shares are corrected for annotators' errors; null: what the spec says.</summary>
    public string? Calibration { get; init; }

    /// <summary>One stage, or null for all.</summary>
    public Stage? Only { get; init; }

    /// <summary>Which part of the images to make, and nothing else; null: the whole line.</summary>
    public Shard? Shard { get; init; }

    /// <summary>Whether a shard may stand beside images that another kind of machine made.</summary>
    public bool Mixed { get; init; }

    /// <summary>The results folder; null: <c>results/EXPERIMENT/MODEL</c>.</summary>
    public string? Out { get; init; }

    /// <summary>
    /// The options that whoever wants the same images and answers gives besides <c>--model</c>, word by word; null where nobody gave a
    /// command line.
    /// </summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>Do again what is done.</summary>
    public bool Force { get; init; }

    /// <summary>Show the plan and do nothing.</summary>
    public bool DryRun { get; init; }
}
