using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>Which files of a folder hold a part's weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">File names in it: one, or the shards in order.</param>
/// <param name="Index">The shard that each tensor is in, as the index says; empty where there is one file.</param>
/// <param name="Variant">The variant that the names carry, or null.</param>
/// <param name="Ignored">What else could be taken for weights there, and why it is not read.</param>
internal sealed record WeightLocation(
    string Folder,
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, string> Index,
    string? Variant,
    IReadOnlyList<IgnoredItem> Ignored)
{
    /// <summary>The shard that each tensor is in, as an index says; the shards need not be there.</summary>
    /// <exception cref="BadInputException">The index is not in order.</exception>
    internal static IReadOnlyDictionary<string, string> ReadIndex(string folder, string name)
    {
        string index = Path.Combine(folder, name);
        if (!ConfigFile.ReadObject(index).TryGetProperty("weight_map", out JsonElement map)
            || map.ValueKind != JsonValueKind.Object
            || map.EnumerateObject().Any(pair => pair.Value.ValueKind != JsonValueKind.String))
        {
            throw new BadInputException($"{index}: must hold a \"weight_map\" from tensor names to file names");
        }

        Dictionary<string, string> fileOf = [];
        foreach (JsonProperty pair in map.EnumerateObject())
        {
            fileOf[pair.Name] = pair.Value.GetString()!;
        }

        string? stray = fileOf.Values.Order(StringComparer.Ordinal).FirstOrDefault(
            file => Path.GetFileName(file) != file || Path.GetExtension(file) != WeightFileName.Extension);
        return stray is null
            ? fileOf
            : throw new BadInputException($"{index}: names '{stray}', which is no {WeightFileName.Extension} file beside it");
    }
}
