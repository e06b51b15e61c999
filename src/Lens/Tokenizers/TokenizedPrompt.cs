using System.Text.Json.Serialization;

namespace DiffusionLens.Tokenizers;

/// <summary>
/// A prompt as the text encoder reads it. All three lists are equally long: the tokenizer's <c>ModelMaxLength</c>, or shorter where a
/// pipeline drops padding.
/// </summary>
/// <param name="Ids">Token ids, padded at the end.</param>
/// <param name="Pieces">The vocabulary's own string of each id (<c>red&lt;/w&gt;</c>), not text of the prompt.</param>
/// <param name="Mask">1 for what was written, start and end token included; 0 for padding.</param>
public sealed record TokenizedPrompt(IReadOnlyList<int> Ids, IReadOnlyList<string> Pieces, IReadOnlyList<int> Mask)
{
    /// <summary>
    /// Positions whose states a pipeline hands on, where it encodes more than that; null: which are, the family says.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Kept { get; init; }

    /// <summary>What of the prompt is not read; null: all of it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PromptCut? Cut { get; init; }
}
