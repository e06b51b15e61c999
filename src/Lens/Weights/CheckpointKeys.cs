using System.Text.RegularExpressions;

namespace DiffusionLens.Weights;

/// <summary>How the names and shapes in published checkpoints differ from those that a module has today.</summary>
internal static partial class CheckpointKeys
{
    private const string SharedEmbedding = "shared.weight";
    private const string VaeAttention = @"(encoder|decoder)\.mid_block\.attentions\.\d+\.";
    private const string TextModel = "text_model.", VisionModel = "vision_model.";

    /// <summary>
    /// Today's name: VAEs of old diffusers call the four linear maps of their middle attention query, key, value and proj_attn, some T5s
    /// hold their embedding as the encoder's own, transformers 5 leaves out <c>text_model.</c> in CLIP's text encoder, and a language model
    /// with a head has <c>model.</c> before all names, one beside a vision tower <c>model.language_model.</c> or
    /// <c>language_model.</c>, which the same model without it has not.
    /// </summary>
    internal static string Today(string name)
    {
        if (ClipTextWithoutPrefix().IsMatch(name))
        {
            return TextModel + name;
        }

        Match match = OldVaeAttention().Match(name);
        if (!match.Success)
        {
            return Twin(name) ?? LanguageModel().Replace(name, "");
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

    /// <summary>
    /// Why a tensor that the module has no place for is passed over, as transformers does it; null where it should have one.
    /// </summary>
    /// <param name="name">Today's name.</param>
    /// <param name="places">The names of the module's parameters and buffers.</param>
    internal static string? ReasonToIgnore(string name, IReadOnlySet<string> places)
    {
        bool isClip = Has(places, TextModel), seesImages = Has(places, VisionModel), isT5 = places.Contains(SharedEmbedding);
        return isClip && (name == "text_model.embeddings.position_ids" || (seesImages && name == "vision_model.embeddings.position_ids"))
                ? "the numbers 0, 1, 2, ..., as before transformers 4.31"
            : isClip && !seesImages && ClipBesideText().IsMatch(name) ? "of the rest of CLIP, which is not the text encoder"
            : isT5 && T5BesideEncoder().IsMatch(name) ? "of T5's decoder, which no denoiser reads"
            : TextBlock().Match(name) is { Success: true } block && IsBeyondTheLast(block, places)
                ? "beyond the blocks that config.json counts"
            : null;
    }

    /// <summary>Today's shape: some old VAEs hold those matrices as 1×1 convolutions, <c>[c, c, 1, 1]</c> for <c>[c, c]</c>.</summary>
    /// <param name="name">Today's name.</param>
    /// <param name="shape">The shape in the file.</param>
    internal static IEnumerable<long> TodaysShape(string name, IReadOnlyList<long> shape) =>
        shape is [long rows, long columns, 1, 1] && VaeAttentionMatrix().IsMatch(name) ? [rows, columns] : shape;

    /// <summary>
    /// The name under which the same tensor stands in the same file too, where both may be there: T5's embedding, once as the encoder's own
    /// and once as the one shared with the decoder.
    /// </summary>
    internal static string? Twin(string name) => name == "encoder.embed_tokens.weight" ? SharedEmbedding : null;

    /// <summary>
    /// Models that were made to skip CLIP's last blocks have a smaller <c>num_hidden_layers</c> and the weights of all: the blocks that are
    /// counted are there, and this one comes after them.
    /// </summary>
    private static bool IsBeyondTheLast(Match block, IReadOnlySet<string> places)
    {
        string stack = block.Groups["stack"].Value;
        return Has(places, $"{stack}.0.") && !Has(places, $"{stack}.{block.Groups["number"].Value}.");
    }

    private static bool Has(IReadOnlySet<string> places, string prefix)
        => places.Any(place => place.StartsWith(prefix, StringComparison.Ordinal));

    [GeneratedRegex(
        @"^(embeddings\.(token_embedding\.weight|position_embedding\.weight|position_ids)|encoder\.layers\.\d+\..*"
        + @"|final_layer_norm\.(weight|bias))$")]
    private static partial Regex ClipTextWithoutPrefix();

    [GeneratedRegex(@"^(vision_model\..*|visual_projection\.weight|text_projection\.weight|logit_scale)$")]
    private static partial Regex ClipBesideText();

    [GeneratedRegex(@"^(decoder\..*|lm_head\.weight)$")]
    private static partial Regex T5BesideEncoder();

    [GeneratedRegex(@"^(?<stack>(?:text|vision)_model\.encoder\.layers|encoder\.block)\.(?<number>[0-9]+)\.")]
    private static partial Regex TextBlock();

    [GeneratedRegex(@"^(model\.|(model\.)?language_model\.)(?=(embed_tokens|layers|norm)\.)")]
    private static partial Regex LanguageModel();

    [GeneratedRegex($@"^(?<attention>{VaeAttention})(?<matrix>query|key|value|proj_attn)(?<kind>\.(weight|bias))$")]
    private static partial Regex OldVaeAttention();

    [GeneratedRegex($@"^{VaeAttention}(to_q|to_k|to_v|to_out\.0)\.weight$")]
    private static partial Regex VaeAttentionMatrix();
}
