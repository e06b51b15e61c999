using DiffusionLens;

namespace Experiments.Specs;

/// <summary>One kind of prompt: "an object", "an object in a color".</summary>
/// <param name="Name">Its name in the spec, for example <c>two colors</c>.</param>
/// <param name="Prompts">Where its prompts come from.</param>
/// <param name="Sample">How many prompts are drawn; null: all there are (of a table).</param>
/// <param name="Right">When an image shows what its prompt says.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record ConditionSpec(string Name, PromptSource Prompts, int? Sample, AnswerRule Right, SourceLocation Location)
{
    /// <summary>
    /// The name by which its prompts are drawn: its own, or that of the condition whose prompts it shares (<c>same as</c>).
    /// </summary>
    public string DrawnAs { get; init; } = Name;

    /// <summary>Where the lens looks, but for the layer.</summary>
    public SiteSpec Site { get; init; } = SiteSpec.Native;

    /// <summary>What is done to the masks, the length and the padding of its prompts.</summary>
    public TextHandling Text { get; init; } = TextHandling.Native;

    /// <summary>Where that was written; null: nothing was, or an option said some of it, and the errors about it name no place.</summary>
    public SourceLocation? TextLocation { get; init; }

    /// <summary>The key of its site at a layer, and of what is done to its texts.</summary>
    public string KeyAt(int layer) => SiteWords.Beside(Site.KeyAt(layer), Text);

    /// <summary>The same but for the layer; empty where it is the paper's lens.</summary>
    public string BesideLayer => SiteWords.Beside(Site.BesideLayer, Text);
}
