using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Files;

namespace Experiments.Explorer;

/// <summary>
/// Data that a page takes with a script element, as <c>window.NAME = {...};</c>: a page that was opened as a file may read no other file.
/// </summary>
internal static class ExplorerScript
{
    private const string End = ";\n";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes a script, whole or not at all.</summary>
    /// <param name="name">The name of the window's property.</param>
    /// <exception cref="DiffusionLens.BadInputException">The file cannot be written.</exception>
    public static void Write<T>(string path, string name, T data) =>
        AtomicFile.WriteText(path, $"window.{name} = {JsonSerializer.Serialize(data, Json)}{End}");

    /// <summary>Reads what <see cref="Write"/> wrote; null where it is not there, or no such file.</summary>
    /// <exception cref="DiffusionLens.BadInputException">It cannot be read.</exception>
    public static T? Read<T>(string path, string name)
        where T : class
    {
        string begin = $"window.{name} = ";
        string text = File.Exists(path) ? Encoding.UTF8.GetString(Utf8Text.ReadBytes(path)) : "";
        if (!text.StartsWith(begin, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(text.AsSpan()[begin.Length..^End.Length], Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
