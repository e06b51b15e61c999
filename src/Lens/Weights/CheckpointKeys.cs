using System.Text.RegularExpressions;

namespace DiffusionLens.Weights;

/// <summary>How the names and shapes in published checkpoints differ from those that the same modules have today.</summary>
internal static partial class CheckpointKeys
{
    private const string SharedEmbedding = "shared.weight";
    private const string VaeAttention = @"(encoder|decoder)\.mid_block\.attentions\.\d+\.";

    /// <summary>
    /// Today's name: VAEs of old diffusers call the four linear maps of their middle attention query, key, value and proj_attn, some
    /// T5s hold their embedding as the encoder's own, and a language model with a head has <c>model.</c> before all names, which the same
    /// model without it has not.
    /// </summary>
    internal static string Today(string name)
    {
        Match match = OldVaeAttention().Match(name);
        if (!match.Success)
        {
            return Twin(name) ?? (LanguageModel().IsMatch(name) ? name["model.".Length..] : name);
        }

        string today = match.Groups["matrix"].Value switch
        {
            "query" => "to_q",
            "key" => "to_k",
            "value" => "to_v",
            _ => "to_out.0",
        };
        return $"{match.Groups["attention"].Value}{today}{match.Groups["kind"].Value}";
    }

    /// <summary>Today's shape: some old VAEs hold those matrices as 1×1 convolutions, <c>[c, c, 1, 1]</c> for <c>[c, c]</c>.</summary>
    /// <param name="name">Today's name.</param>
    /// <param name="shape">The shape in the file.</param>
    internal static IEnumerable<long> TodaysShape(string name, IReadOnlyList<long> shape) =>
        shape is [long rows, long columns, 1, 1] && VaeAttentionMatrix().IsMatch(name) ? [rows, columns] : shape;

    /// <summary>CLIP text encoders saved before transformers 4.31 hold the numbers 0..76, which no module takes.</summary>
    internal static bool IsNoWeight(string name) => name == "text_model.embeddings.position_ids";

    /// <summary>
    /// The name under which the same tensor stands in the same file too, where both may be there: T5's embedding, once as the encoder's own
    /// and once as the one shared with the decoder.
    /// </summary>
    internal static string? Twin(string name) => name == "encoder.embed_tokens.weight" ? SharedEmbedding : null;

    [GeneratedRegex(@"^model\.(embed_tokens|layers|norm)\.")]
    private static partial Regex LanguageModel();

    [GeneratedRegex($@"^(?<attention>{VaeAttention})(?<matrix>query|key|value|proj_attn)(?<kind>\.(weight|bias))$")]
    private static partial Regex OldVaeAttention();

    [GeneratedRegex($@"^{VaeAttention}(to_q|to_k|to_v|to_out\.0)\.weight$")]
    private static partial Regex VaeAttentionMatrix();
}
