using System.Text.Json;

namespace DiffusionLens.Tokenizers;

/// <summary>A token with a role, as a file of a tokenizer's folder names it: by its content, or as an object with one.</summary>
/// <param name="Path">The file.</param>
/// <param name="Value">What it says of the role.</param>
internal sealed record NamedToken(string Path, JsonElement Value)
{
    /// <summary>As it stands in a text; null: the file names none.</summary>
    public string? Content => ContentOf(Value);

    /// <summary>Whether it is looked for in normalized text; null: the file does not say.</summary>
    public bool? IsNormalized => Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty("normalized", out JsonElement flag)
        && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.ValueKind == JsonValueKind.True : null;

    /// <summary>The content of a token that is written as a string or as an object; null: it is neither.</summary>
    public static string? ContentOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String when token.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) => ContentOf(content),
        _ => null,
    };
}
