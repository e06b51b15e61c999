namespace Experiments.Specs;

/// <summary>
/// An experiment as its file says it: which prompts, at which layers and seeds, what is asked of each image, and what the answers
/// are drawn as. It names groups of words but no words, and no model; a <see cref="Plans.Plan"/> adds both.
/// </summary>
/// <param name="Name">The file's name without extension; results go to <c>results/NAME/MODEL/</c>.</param>
/// <param name="Path">The file that was read.</param>
/// <param name="Sha256">SHA-256 of that file's bytes, in lower-case hexadecimal.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Layers">The layers to look through.</param>
/// <param name="Seeds">The seeds of the noise, each once; a row of the results is one prompt and one seed.</param>
/// <param name="PromptSeed">The seed by which prompts are drawn from the words.</param>
/// <param name="Sampler">How images are sampled, as far as the file says.</param>
/// <param name="Conditions">The kinds of prompt, in the file's order.</param>
/// <param name="Questions">What is asked of each image, in the file's order.</param>
/// <param name="Figures">The curves to draw, in the file's order.</param>
/// <param name="Strips">The contact strips to lay out, in the file's order.</param>
public sealed record Spec(
    string Name,
    string Path,
    string Sha256,
    string Title,
    LayerChoice Layers,
    IReadOnlyList<int> Seeds,
    ulong PromptSeed,
    SamplerSpec Sampler,
    IReadOnlyList<ConditionSpec> Conditions,
    IReadOnlyList<QuestionSpec> Questions,
    IReadOnlyList<FigureSpec> Figures,
    IReadOnlyList<StripSpec> Strips)
{
    /// <summary>The tables to make, in the file's order.</summary>
    public IReadOnlyList<TableSpec> Tables { get; init; } = [];

    /// <summary>Whether anything that is drawn is about the rows that are right in the last layer, so that this layer must be there.</summary>
    public bool NeedsLastLayer =>
        Figures.Select(figure => figure.Rows).Concat(Tables.Select(table => table.Rows)).Concat(Strips.Select(strip => strip.Rows))
            .Contains(RowChoice.RightInTheLastLayer)
        || Strips.Any(strip => strip.Shows?.NeedsLastLayer == true);

    /// <summary>The condition of that name.</summary>
    /// <param name="name">One of the names under <c>prompts:</c>.</param>
    /// <exception cref="InvalidOperationException">There is none: names in a spec that was read are known.</exception>
    public ConditionSpec Condition(string name) => Conditions.First(condition => condition.Name == name);
}
