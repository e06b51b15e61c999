using System.Text;
using System.Text.Json;

namespace Experiments.Answers.Vision;

/// <summary>What came back over HTTP.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">All of the body.</param>
/// <param name="RetryAfter">The header of that name, or null.</param>
/// <param name="Date">The header of that name, or null.</param>
internal sealed record ChatResponse(int Status, ReadOnlyMemory<byte> Body, string? RetryAfter = null, string? Date = null)
{
    private const int LongestLine = 300;

    /// <summary>The body as text, whatever is in it.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span).TrimStart('\uFEFF');

    /// <summary>Whether it is a web page.</summary>
    public bool IsHtml => Text.TrimStart() is var text
        && (text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<head", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase));

    /// <summary>The body as JSON; null where it is none.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(Text);
                return document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>Text of a server as it stands in a message: one line, without control characters, not endless.</summary>
    public static string OneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = string.Concat(line.Where(letter => !char.IsControl(letter)));
        return line.Length <= LongestLine ? line : line[..LongestLine] + "...";
    }
}
