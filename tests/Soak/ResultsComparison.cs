using System.Text.Json.Nodes;

namespace Soak;

/// <summary>Compares two results folders byte by byte; of the manifest all but times, which no two runs share.</summary>
internal static class ResultsComparison
{
    private const string Manifest = "manifest.json";

    /// <summary>Keys of the manifest that are times, or what follows from times.</summary>
    private static readonly string[] Times = ["seconds"];

    /// <returns>What differs, a line each; empty where all is the same.</returns>
    public static IReadOnlyList<string> Differences(string expected, string actual)
    {
        SortedSet<string> files = [.. FilesOf(expected), .. FilesOf(actual)];
        return [.. files.Select(file => Difference(file, Path.Combine(expected, file), Path.Combine(actual, file))).OfType<string>()];
    }

    private static string? Difference(string name, string expected, string actual) =>
        !File.Exists(expected) ? $"{name}: is too many"
        : !File.Exists(actual) ? $"{name}: is missing"
        : BytesOf(name, expected).AsSpan().SequenceEqual(BytesOf(name, actual)) ? null
        : $"{name}: differs";

    private static IEnumerable<string> FilesOf(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
        : [];

    private static byte[] BytesOf(string name, string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (name != Manifest || bytes.Length == 0)
        {
            return bytes;
        }

        try
        {
            JsonNode manifest = JsonNode.Parse(bytes)!;
            Forget(manifest);
            return System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString());
        }
        catch (System.Text.Json.JsonException)
        {
            return bytes;
        }
    }

    private static void Forget(JsonNode? node)
    {
        foreach (JsonNode? child in node is JsonObject map ? [.. map.Select(entry => entry.Value)]
            : node is JsonArray list ? list.ToArray() : [])
        {
            Forget(child);
        }

        foreach (string key in node is JsonObject times ? Times.Where(times.ContainsKey).ToArray() : [])
        {
            ((JsonObject)node!).Remove(key);
        }
    }
}
