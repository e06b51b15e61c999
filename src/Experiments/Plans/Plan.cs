using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>Everything an experiment will do, with nothing done yet.</summary>
/// <param name="Spec">The experiment.</param>
/// <param name="Prompts">The prompts, numbered from 0, condition after condition.</param>
/// <param name="Layers">The layers, ascending.</param>
/// <param name="LastLayer">L, the number of the encoder's blocks. It is among the layers unless the user left it out.</param>
/// <param name="Seeds">The seeds, in the spec's order.</param>
/// <param name="Questions">What is asked, prompt after prompt.</param>
internal sealed record Plan(
    Spec Spec,
    IReadOnlyList<PlannedPrompt> Prompts,
    IReadOnlyList<int> Layers,
    int LastLayer,
    IReadOnlyList<ulong> Seeds,
    IReadOnlyList<PlannedQuestion> Questions)
{
    /// <summary>The same plan, with what is known of its prompts.</summary>
    /// <param name="cutOff">The end of one that is not read.</param>
    public Plan WithCutOff(Func<PlannedPrompt, string> cutOff)
    {
        return this with
        {
            Prompts = [.. Prompts.Select(Told)],
            Questions = [.. Questions.Select(question => question with { Prompt = Told(question.Prompt) })],
        };

        PlannedPrompt Told(PlannedPrompt prompt) => prompt with { CutOff = cutOff(prompt) };
    }

    /// <summary>Every row: prompts, then their sites, then seeds.</summary>
    public IEnumerable<PlannedRow> Rows => Prompts.SelectMany(RowsOf);

    /// <summary>Every image that must exist: rows, then layers.</summary>
    public IEnumerable<PlannedImage> Images =>
        from row in Rows
        from layer in Layers
        select row.At(layer);

    /// <summary>How many images that is.</summary>
    public int ImageCount => Prompts.Sum(ImageCountOf);

    /// <summary>How many answers one annotator gives.</summary>
    public int AnswerCount => Questions.Sum(question => ImageCountOf(question.Prompt));

    /// <summary>The rows of a prompt.</summary>
    public IEnumerable<PlannedRow> RowsOf(PlannedPrompt prompt) =>
        from site in prompt.Sites
        from seed in Seeds
        select new PlannedRow(prompt, site, seed);

    private int ImageCountOf(PlannedPrompt prompt) => prompt.Sites.Count * Seeds.Count * Layers.Count;
}
