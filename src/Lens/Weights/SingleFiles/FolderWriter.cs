using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>Writes a model in a single file as the diffusers folder that it is seen as.</summary>
internal static class FolderWriter
{
    private const string TextEncoder = "text_encoder", Tokenizer = "tokenizer", Scheduler = "scheduler";

    // Transformers loads no file that does not say so.
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    private static readonly string[] TokenizerFiles =
    [
        TokenizerFolder.Vocabulary,
        TokenizerFolder.Merges,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
        "tokenizer.json",
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes all files, in types and bytes as they are in the single file.</summary>
    /// <param name="model">A model in a single file.</param>
    /// <param name="folder">The folder, which is there and empty.</param>
    /// <param name="cancellation">Heeded between tensors.</param>
    /// <returns>The parts that were written.</returns>
    /// <exception cref="BadInputException">The file, or the folder of its configs, is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Write(ModelFolder model, string folder, CancellationToken cancellation)
    {
        string[] networks = [.. model.WeightParts];
        string[] tokenizers =
        [
            .. networks.Where(IsTextEncoder).Select(part => part.Replace(TextEncoder, Tokenizer, StringComparison.Ordinal)),
        ];
        foreach (string part in networks)
        {
            CopyFiles(model, part, folder, "config.json");
            using SafetensorsFile weights = model.OpenSingle(part);
            string file = IsTextEncoder(part) ? "model.safetensors" : "diffusion_pytorch_model.safetensors";
            SafetensorsWriter.Copy(Path.Combine(folder, part, file), weights, Metadata, cancellation);
        }

        foreach (string part in tokenizers)
        {
            CopyFiles(model, part, folder, TokenizerFiles);
        }

        CopyFiles(model, Scheduler, folder, "scheduler_config.json");
        string[] parts = [.. networks, .. tokenizers, Scheduler];
        File.WriteAllText(Path.Combine(folder, "model_index.json"), IndexOf(model, parts));
        return parts;
    }

    private static bool IsTextEncoder(string part) => part.StartsWith(TextEncoder, StringComparison.Ordinal);

    private static void CopyFiles(ModelFolder model, string part, string folder, params string[] files)
    {
        Directory.CreateDirectory(Path.Combine(folder, part));
        foreach (string file in files)
        {
            if (model.ReadOrNull(part, file) is { } content)
            {
                File.WriteAllBytes(Path.Combine(folder, part, file), content);
            }
        }
    }

    /// <summary>The index, without the parts of a folder of configs that a single file does not hold.</summary>
    private static string IndexOf(ModelFolder model, string[] parts)
    {
        JsonObject index = JsonObject.Create(model.Index)!;
        string[] others = [.. index.Where(pair => pair.Value is JsonArray && !parts.Contains(pair.Key)).Select(pair => pair.Key)];
        foreach (string other in others)
        {
            index[other] = new JsonArray(null, null);
        }

        if (index.ContainsKey("requires_safety_checker"))
        {
            index["requires_safety_checker"] = false;
        }

        return index.ToJsonString(Indented) + "\n";
    }
}
