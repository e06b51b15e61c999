using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>A folder without <c>model_index.json</c>: what it is instead of a pipeline, as far as its files tell.</summary>
internal static class StrayFolder
{
    private const string Right = "a model is a folder as diffusers' save_pretrained writes it, with model_index.json";

    private static readonly Role[] Roles =
    [
        new("text encoder", "T5EncoderModel", "CLIPTextModel", "TextModel", "TextEncoder", "ForCausalLM", "ForConditionalGeneration"),
        new("denoiser", "UNet", "Transformer", "DiT"),
        new("autoencoder", "Autoencoder", "VQModel"),
        new("tokenizer", "Tokenizer"),
        new("scheduler", "Scheduler"),
    ];

    /// <summary>An error that says what the folder is.</summary>
    /// <param name="folder">A folder that is there.</param>
    internal static BadInputException Diagnosis(string folder)
    {
        string[] names = FolderWalk.Files(folder);
        if (names.Contains(ModelFolder.IndexName))
        {
            // There, but a link to nowhere or in a folder that must not be entered.
            InputFile.Require(Path.Combine(folder, ModelFolder.IndexName));
        }

        string? what = OfSafetensors(folder, names) ?? OfConfig(folder, names);
        return new BadInputException(what is null ? $"{folder}: has no model_index.json; {OfContent(folder, names)}" : $"{folder}: {what}");
    }

    private static string? OfSafetensors(string folder, string[] names)
    {
        foreach (string name in names.Where(name => Path.GetExtension(name) == WeightFileName.Extension))
        {
            using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, name));
            if (TensorNames.Diagnosis(file) is { } what && !IsNamed(folder, "ControlNet"))
            {
                return $"is {what}";
            }
        }

        return Array.Find(names, name => name.StartsWith("learned_embeds.", StringComparison.Ordinal)) is { } embeds
            ? $"is a textual inversion embedding ({embeds}), not a model: it gives a word to a model that is not in this folder"
            : Array.Find(names, name => name.StartsWith("pytorch_lora_weights.", StringComparison.Ordinal)) is { } lora
                ? $"is a LoRA ({lora}), not a model: it changes a model that is not in this folder"
                : names.Contains("adapter_config.json")
                    ? "is an adapter (adapter_config.json), not a model: it changes a model that is not in it"
                    : null;
    }

    private static string? OfConfig(string folder, string[] names)
    {
        if (ClassOf(folder) is not { } named)
        {
            return names.Contains("tokenizer_config.json") ? Alone("a tokenizer", "tokenizer_config.json", "tokenizer") : null;
        }

        return named.Class.Contains("ControlNet", StringComparison.Ordinal) || named.Class.Contains("Adapter", StringComparison.Ordinal)
            ? $"is {WithArticle(named.Class)} ({named.File} names it), not a pipeline: it steers a model that is not in this folder"
            : Alone(WithArticle(named.Class), named.File, Array.Find(Roles, role => role.Is(named.Class))?.Name);
    }

    private static string Alone(string what, string file, string? role)
    {
        string[] missing = [.. Roles.Select(other => other.Name).Where(name => name != role)];
        return $"is {what} alone ({file} names it), not a pipeline: "
            + $"{string.Join(", ", missing[..^1])} and {missing[^1]} are missing; {Right}";
    }

    private static string OfContent(string folder, string[] names)
    {
        string[] models =
        [
            .. FolderWalk.Folders(folder).Where(name => ModelFolder.HasIndex(Path.Combine(folder, name))),
        ];
        string[] weights = Array.FindAll(names, ForeignFile.IsCheckpoint);
        return models.Length > 0 ? $"models are in it: name one, such as {Path.Combine(folder, models[0])}"
            : weights.Length > 0 ? $"has {string.Join(", ", weights.Take(3).Select(Named))}{(weights.Length > 3 ? ", ..." : "")}; {Right}"
            : Right;
    }

    private static string Named(string name)
        => ForeignFile.OwnerOf(name) is { } owner ? $"{name} ({owner} weights)" : ForeignFile.IsPickle(name) ? $"{name} (a pickle)" : name;

    private static string WithArticle(string className)
        => $"{(className.Length > 0 && className[0] is 'A' or 'E' or 'I' or 'O' ? "an" : "a")} {className}";

    private static bool IsNamed(string folder, string kind) => ClassOf(folder)?.Class.Contains(kind, StringComparison.Ordinal) == true;

    /// <summary>What diffusers (<c>_class_name</c>) or transformers (<c>architectures</c>) wrote of the class.</summary>
    private static NamedClass? ClassOf(string folder)
    {
        foreach (string name in new[] { "config.json", "scheduler_config.json" })
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            JsonElement config = ConfigFile.ReadObject(path);
            if (config.TryGetProperty("_class_name", out JsonElement diffusers) && diffusers.ValueKind == JsonValueKind.String)
            {
                return new NamedClass(diffusers.GetString()!, name);
            }

            if (config.TryGetProperty("architectures", out JsonElement list)
                && list.ValueKind == JsonValueKind.Array
                && list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first)
            {
                return new NamedClass(first.GetString()!, name);
            }
        }

        return null;
    }

    private sealed record NamedClass(string Class, string File);

    /// <summary>What a part is for.</summary>
    /// <param name="Name">In words.</param>
    /// <param name="Marks">What names of its classes contain.</param>
    private sealed record Role(string Name, params string[] Marks)
    {
        public bool Is(string className) => Array.Exists(Marks, mark => className.Contains(mark, StringComparison.Ordinal));
    }
}
