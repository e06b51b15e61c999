using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Tokenizers;

/// <summary>A token that is cut out of a text before anything else, in the terms of the Hugging Face library tokenizers.</summary>
/// <param name="Content">As it stands in a text.</param>
/// <param name="Id">Its id.</param>
internal sealed record AddedToken(string Content, int Id)
{
    /// <summary>Whether it is one of the model's own marks, such as the end token, not a word that someone taught it.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is looked for in normalized (for CLIP: lower-cased) text, not in the text as it was given.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Whether it swallows the white space before it, and behind it.</summary>
    public bool StripsLeft { get; init; }

    /// <inheritdoc cref="StripsLeft"/>
    public bool StripsRight { get; init; }

    /// <summary>Whether it counts only where no letter or digit touches it.</summary>
    public bool IsWholeWord { get; init; }

    /// <summary>Reads an entry of <c>added_tokens</c> or <c>added_tokens_decoder</c>; null: there is no content.</summary>
    public static AddedToken? Parse(JsonElement entry, int id)
        => IsId(id) && entry.ValueKind == JsonValueKind.Object
            && entry.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String
            && content.GetString() is { Length: > 0 } text
            ? new AddedToken(text, id)
            {
                IsSpecial = Flag(entry, "special"),
                IsNormalized = Flag(entry, "normalized"),
                StripsLeft = Flag(entry, "lstrip"),
                StripsRight = Flag(entry, "rstrip"),
                IsWholeWord = Flag(entry, "single_word"),
            }
            : null;

    /// <summary>Whether a number can be a token's: what is kept of each number is a place in memory.</summary>
    public static bool IsId(int id) => id is >= 0 and < Most.Any;

    private static bool Flag(JsonElement entry, string name)
        => entry.TryGetProperty(name, out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
}
