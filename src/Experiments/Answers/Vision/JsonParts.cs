using System.Text.Json;

namespace Experiments.Answers.Vision;

/// <summary>Parts of JSON that anyone may have written: what is not there, or is something else, is no error.</summary>
internal static class JsonParts
{
    /// <summary>A value that is there and is not null.</summary>
    public static bool TryGet(this JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>A text that is there and is not blank, or null.</summary>
    public static string? TextOf(this JsonElement element, string name) =>
        element.TryGet(name, out JsonElement value) && value.StringOf() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>This as text; null where it is none, or has half a character in it.</summary>
    public static string? StringOf(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A whole number that is there, or null.</summary>
    public static int? NumberOf(this JsonElement element, string name) =>
        element.TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : null;

    /// <summary>The first of a list that is there, or null.</summary>
    public static JsonElement? FirstOf(this JsonElement element, string name) =>
        element.TryGet(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : null;
}
