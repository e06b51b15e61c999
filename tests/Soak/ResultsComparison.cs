using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Soak;

/// <summary>
/// Compares two results folders byte by byte: all but the times that stages took, which the manifest and the report have and no two runs
/// share, and the hashes of these two files in the manifest.
/// </summary>
internal static partial class ResultsComparison
{
    private const string Manifest = "manifest.json", Report = "report.html";

    /// <summary>Keys of the manifest that are times, or hashes of what has times in it.</summary>
    private static readonly string[] Times = ["seconds", "manifest_sha256"];

    /// <param name="knowsThreads">
    /// Whether the manifest is to say on how many threads images were computed, which no other file does.
    /// </param>
    /// <returns>What differs, a line each; empty where all is the same.</returns>
    public static IReadOnlyList<string> Differences(string expected, string actual, bool knowsThreads = true)
    {
        string[] times = knowsThreads ? Times : [.. Times, "threads"];
        SortedSet<string> files = [.. FilesOf(expected), .. FilesOf(actual)];
        return
        [
            .. files.Select(file => Difference(file, Path.Combine(expected, file), Path.Combine(actual, file), times)).OfType<string>(),
        ];
    }

    private static string? Difference(string name, string expected, string actual, string[] times) =>
        !File.Exists(expected) ? $"{name}: is too many"
        : !File.Exists(actual) ? $"{name}: is missing"
        : BytesOf(name, expected, times).AsSpan().SequenceEqual(BytesOf(name, actual, times)) ? null
        : $"{name}: differs";

    private static IEnumerable<string> FilesOf(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
        : [];

    private static byte[] BytesOf(string name, string path, string[] forgotten)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (name == Report)
        {
            string report = TimesOfReport().Replace(Encoding.UTF8.GetString(bytes), "");
            return Encoding.UTF8.GetBytes(forgotten.Contains("threads") ? ThreadsOfReport().Replace(report, "") : report);
        }

        if (name != Manifest || bytes.Length == 0)
        {
            return bytes;
        }

        try
        {
            JsonNode manifest = JsonNode.Parse(bytes)!;
            Forget(manifest, forgotten);
            return Encoding.UTF8.GetBytes(manifest.ToJsonString());
        }
        catch (JsonException)
        {
            return bytes;
        }
    }

    private static void Forget(JsonNode? node, string[] forgotten)
    {
        foreach (JsonNode? child in node is JsonObject map ? [.. map.Select(entry => entry.Value)]
            : node is JsonArray list ? list.ToArray() : [])
        {
            Forget(child, forgotten);
        }

        if (node is not JsonObject times)
        {
            return;
        }

        foreach (string key in forgotten)
        {
            times.Remove(key);
        }

        if (times["path"]?.ToString() == Report)
        {
            times.Remove("size");
            times.Remove("sha256");
        }
    }

    [GeneratedRegex(", [0-9 and]+ threads(?=;)", RegexOptions.CultureInvariant)]
    private static partial Regex ThreadsOfReport();

    [GeneratedRegex("<dt>Times</dt><dd>[^<]*</dd>", RegexOptions.CultureInvariant)]
    private static partial Regex TimesOfReport();
}
