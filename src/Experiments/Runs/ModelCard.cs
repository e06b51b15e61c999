using System.Security.Cryptography;
using System.Text.Json;
using Experiments.Findings;
using Lens;
using Lens.Weights;

namespace Experiments.Runs;

/// <summary>What is known of a model before it is loaded.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="LayerCount">L, the number of blocks of its text encoder.</param>
/// <param name="Family">The kind of its text encoder.</param>
/// <param name="Lexicon">The name of the lexicon whose words it knows.</param>
/// <param name="Recogniser">The folder of the recogniser for its pictures; null where people answer.</param>
/// <param name="Guidance">The scale of guidance that suits it.</param>
internal sealed record ModelCard(string Name, string Folder, int LayerCount, TextEncoderFamily Family, string Lexicon, string? Recogniser, double Guidance)
{
    /// <summary>Reads a diffusers folder, and <c>dlens.json</c> in it where that is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="BadInputException">It is no model folder, or one that cannot be looked into.</exception>
    public static ModelCard Read(string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        JsonElement encoder = ModelFolder.Open(folder).Config("text_encoder");
        TextEncoderFamily family = FamilyOf(encoder);
        string key = family == TextEncoderFamily.T5 ? "num_layers" : "num_hidden_layers";
        if (!encoder.TryGetProperty(key, out JsonElement layers) || layers.ValueKind != JsonValueKind.Number || !layers.TryGetInt32(out int layerCount) || layerCount < 1)
        {
            throw new BadInputException($"{Path.Combine(folder, "text_encoder", "config.json")}: has no \"{key}\", the number of the encoder's blocks");
        }

        ModelNotes notes = ModelNotes.Read(path);
        return new ModelCard(Path.GetFileName(path), folder, layerCount, family, notes.Lexicon, notes.RecogniserOf(path), notes.Guidance);
    }

    // As transformers names it; what is neither is refused when the model is loaded.
    private static TextEncoderFamily FamilyOf(JsonElement encoder) =>
        encoder.TryGetProperty("model_type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("t5") ? TextEncoderFamily.T5 : TextEncoderFamily.Clip;

    /// <summary>
    /// Hash of the files that make a model: configs, vocabularies and weights, each with its place. Other files (cards, pictures,
    /// <c>dlens.json</c>) do not enter. Reads all of them: seconds for a model of gigabytes.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    public static string Sha256Of(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetExtension(file) is ".json" or ".txt" or ".safetensors" && Path.GetFileName(file) != "dlens.json")
                .OrderBy(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal),
        ];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            using FileStream stream = File.OpenRead(file);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file).Replace('\\', '/') + "\0"));
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
