using System.Text.Json;
using System.Text.RegularExpressions;

namespace DiffusionLens.Configs;

/// <summary>The JSON files of a model folder, as Python's json module writes them.</summary>
internal static partial class ConfigFile
{
    /// <summary>
    /// Reads a file that must hold one JSON object. Python's bare <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which are not JSON
    /// (scheduler configs hold them), come as strings of that spelling.
    /// </summary>
    /// <exception cref="BadInputException">The file cannot be read, is not JSON, or holds something other than an object.</exception>
    internal static JsonElement ReadObject(string path) => ParseObject(InputFile.ReadText(path), path);

    /// <summary>The same of a file's text.</summary>
    /// <param name="content">The text.</param>
    /// <param name="path">What the file is called in errors.</param>
    /// <exception cref="BadInputException">It is not JSON, or holds something other than an object.</exception>
    internal static JsonElement ParseObject(string content, string path)
    {
        string text = StringOrBareNumber().Replace(
            content,
            match => match.Value.StartsWith('"') ? match.Value : $"\"{match.Value}\"");
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new BadInputException($"{path}: holds no JSON object, but {document.RootElement.ValueKind}");
        }
        catch (JsonException failure)
        {
            string place = $"{path}:{failure.LineNumber + 1}:{failure.BytePositionInLine + 1}";
            throw new BadInputException($"{place}: is not JSON ({failure.Message})", failure);
        }
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?Infinity|NaN
        """, RegexOptions.CultureInvariant)]
    private static partial Regex StringOrBareNumber();
}
