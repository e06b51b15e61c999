namespace Experiments.Specs;

/// <summary>
/// An experiment as its file says it: which prompts, at which layers and seeds, what is asked of each image, and what the answers
/// are drawn as. It names groups of words but no words, and no model; a plan adds both.
/// </summary>
internal sealed record Spec : Experiment
{
    /// <summary>The layers to look through.</summary>
    public required LayerChoice Layers { get; init; }

    /// <summary>The seeds of the noise, each once; a row of the results is one prompt and one seed.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>The seed by which prompts are drawn from the words.</summary>
    public ulong PromptSeed { get; init; }

    /// <summary>What goes before prompts, in families that have such a thing; null: what the command line says, or nothing.</summary>
    public string? Instruction { get; init; }

    /// <summary>How images are sampled, as far as the file says.</summary>
    public SamplerSpec Sampler { get; init; } = new();

    /// <summary>Who answers, the main one first; empty: what the model's settings say.</summary>
    public IReadOnlyList<string> Annotators { get; init; } = [];

    /// <summary>Which vision-language model is asked, as far as the file says.</summary>
    public VisionSpec Vision { get; init; } = new();

    /// <summary>Which CLIP answers, as far as the file says.</summary>
    public ClipSpec Clip { get; init; } = new();

    /// <summary>The <c>calibration.csv</c> by which shares are corrected for annotators' errors; null: they are not.</summary>
    public string? Calibration { get; init; }

    /// <summary>The papers that it follows, by their numbers on arXiv, each once.</summary>
    public IReadOnlyList<string> Cites { get; init; } = [];

    /// <summary>The kinds of prompt, in the file's order.</summary>
    public required IReadOnlyList<ConditionSpec> Conditions { get; init; }

    /// <summary>What is asked of each image, in the file's order.</summary>
    public required IReadOnlyList<QuestionSpec> Questions { get; init; }

    /// <summary>The figures to draw, in the file's order.</summary>
    public IReadOnlyList<FigureSpec> Figures { get; init; } = [];

    /// <summary>The tables to make, in the file's order.</summary>
    public IReadOnlyList<TableSpec> Tables { get; init; } = [];

    /// <summary>What is concluded of the answers, in the file's order.</summary>
    public IReadOnlyList<FindingSpec> Findings { get; init; } = [];

    /// <summary>The contact strips to lay out, in the file's order.</summary>
    public IReadOnlyList<StripSpec> Strips { get; init; } = [];

    /// <summary>
    /// Whether anything that is drawn, compared or concluded is about the last layer, so that this layer must be there.
    /// </summary>
    public bool NeedsLastLayer =>
        Figures.Any(figure => figure.NeedsLastLayer)
        || Tables.Select(table => table.Rows).Concat(Strips.Select(strip => strip.Rows)).Contains(RowChoice.RightInTheLastLayer)
        || Tables.OfType<TableSpec.Differences>().Any()
        || Findings.Count > 0
        || Strips.Any(strip => strip.Shows?.NeedsLastLayer == true);

    /// <summary>The condition of that name.</summary>
    /// <param name="name">One of the names under <c>prompts:</c>.</param>
    /// <exception cref="InvalidOperationException">There is none: names in a spec that was read are known.</exception>
    public ConditionSpec Condition(string name) => Conditions.First(condition => condition.Name == name);
}
