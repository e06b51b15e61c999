using System.Text.RegularExpressions;

namespace DiffusionLens.Weights;

/// <summary>What a file of tensors is that is no part of a pipeline, by the tensors' names.</summary>
internal static partial class TensorNames
{
    private const int MostWords = 8, MostRows = 256;

    /// <summary>
    /// What the file is, as it goes on after "is": <c>a LoRA (…), not a model: …</c>; null where its tensors could be those of a model.
    /// </summary>
    /// <param name="file">An open file.</param>
    internal static string? Diagnosis(SafetensorsFile file) => Diagnosis(file.Path, file.Entries);

    /// <summary>The same of a file's header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entries">Its tensors.</param>
    internal static string? Diagnosis(string path, IReadOnlyDictionary<string, TensorEntry> entries)
    {
        string name = Path.GetFileName(path);
        string[] keys = [.. entries.Keys];
        if (Array.Find(keys, Lora().IsMatch) is { } lora)
        {
            return $"a LoRA ({name}, with {Around(lora, Lora().Match(lora).Index)}), not a model: it changes a model that is not in it; "
                + "give that model's folder, or make one of both (diffusers: load_lora_weights, fuse_lora, save_pretrained)";
        }

        if (entries.Count is > 0 and <= MostWords && entries.Values.All(IsWord))
        {
            return $"a textual inversion embedding ({name}, {string.Join(", ", keys)}), not a model: "
                + "it gives a word to a model that is not in it";
        }

        return Array.Find(keys, Control().IsMatch) is not null ? $"a ControlNet ({name}), not a model: it steers a model that is not in it"
            : Array.Find(keys, Adapter().IsMatch) is not null ? $"an IP-Adapter ({name}), not a model: it changes a model that is not in it"
            : null;
    }

    /// <summary>The part of a key that shows what it is.</summary>
    private static string Around(string key, int telling)
    {
        const int Longest = 48;
        return key.Length <= Longest ? key : telling < Longest / 2 ? key[..Longest] + "…" : "…" + key[^Longest..];
    }

    private static bool IsWord(TensorEntry entry)
        => entry.Shape is [_] or [<= MostRows, _] && !ModuleParameter().IsMatch(entry.Name);

    [GeneratedRegex(
        @"(^|[._])(lora_(A|B|up|down|mid|unet|te\d?|embedding_[AB])|lora\d*\.(up|down)|to_(q|k|v|out)_lora|hada_w\d|lokr_w\d|oft_blocks)")]
    private static partial Regex Lora();

    [GeneratedRegex(@"^(control_model\.|controlnet_cond_embedding\.|input_hint_block\.|(.*\.)?zero_convs\.)")]
    private static partial Regex Control();

    [GeneratedRegex(@"^(image_proj|ip_adapter)\.")]
    private static partial Regex Adapter();

    [GeneratedRegex(@"\.(weight|bias|running_mean|running_var|gamma|beta)$")]
    private static partial Regex ModuleParameter();
}
