using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>Which files of a folder hold a part's weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">File names in it: one, or the shards in order.</param>
/// <param name="Index">The shard that each tensor is in, as the index says; empty where there is one file.</param>
/// <param name="Variant">The variant that the names carry, or null.</param>
internal sealed record WeightLocation(
    string Folder,
    IReadOnlyList<string> Files,
    IReadOnlyDictionary<string, string> Index,
    string? Variant)
{
    private const string Extension = ".safetensors";

    private static readonly string[] Stems = ["diffusion_pytorch_model", "model"];
    private static readonly string[] PickledExtensions = [".bin", ".ckpt", ".pt", ".pth"];

    /// <exception cref="BadInputException">There are none, only pickled ones, or the index is not in order.</exception>
    internal static WeightLocation Find(string folder, string? variant)
    {
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"{folder}: there is no such folder; weights are expected in it");
        }

        string?[] variants = variant is null ? [null] : [variant, null];
        foreach (string? tried in variants)
        {
            foreach (string stem in Stems)
            {
                string dotted = tried is null ? "" : $".{tried}";
                string single = $"{stem}{dotted}{Extension}";
                if (File.Exists(Path.Combine(folder, single)))
                {
                    return new WeightLocation(folder, [single], new Dictionary<string, string>(), tried);
                }

                string index = Path.Combine(folder, $"{stem}{Extension}.index{dotted}.json");
                if (File.Exists(index))
                {
                    return Sharded(folder, index, tried);
                }
            }
        }

        throw NothingToLoad(folder);
    }

    private static WeightLocation Sharded(string folder, string index, string? variant)
    {
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

        string[] files = [.. fileOf.Values.Distinct().Order(StringComparer.Ordinal)];
        string? stray = Array.Find(files, file => Path.GetFileName(file) != file || Path.GetExtension(file) != Extension);
        if (stray is not null)
        {
            throw new BadInputException($"{index}: names '{stray}', which is no {Extension} file beside it");
        }

        string[] missing = Array.FindAll(files, file => !File.Exists(Path.Combine(folder, file)));
        return missing.Length == 0
            ? new WeightLocation(folder, files, fileOf, variant)
            : throw new BadInputException(
                $"{index}: {missing.Length} of {files.Length} shards are not there: {string.Join(", ", missing)}; "
                + "get them from where the index came from");
    }

    private static BadInputException NothingToLoad(string folder)
    {
        string[] names = [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        if (Array.Find(names, name => VariantOf(name) is not null) is string other)
        {
            return new BadInputException($"{folder}: has weights only as variant '{VariantOf(other)}' ({other}); ask for that variant");
        }

        return Array.Find(names, name => PickledExtensions.Contains(Path.GetExtension(name))) is string pickled
            ? new BadInputException(
                $"{Path.Combine(folder, pickled)}: is a pickle, and reading a pickle can run any code that is in it, so it is not opened; "
                + "get the model's .safetensors files, or make them with diffusers: "
                + "from_pretrained(...), then save_pretrained(..., safe_serialization=True)")
            : new BadInputException(
                $"{folder}: has no {string.Join(" or ", Stems.Select(stem => stem + Extension))}, whole or with an index of shards");
    }

    /// <summary>
    /// <c>fp16</c> of <c>model.fp16.safetensors</c>, <c>model.fp16-00001-of-00002.safetensors</c> or
    /// <c>model.safetensors.index.fp16.json</c>; null of other names.
    /// </summary>
    private static string? VariantOf(string name) => name.Split('.') switch
    {
        [string stem, string variant, "safetensors"] when Stems.Contains(stem) => variant.Split('-')[0],
        [string stem, "safetensors", "index", string variant, "json"] when Stems.Contains(stem) => variant,
        _ => null,
    };
}
