using System.Text.Json;
using DiffusionLens.TextEncoders;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What cannot be seen in the shapes of any tensor, as the configs in use have it.</summary>
internal static class Assumptions
{
    /// <param name="model">The model with its configs.</param>
    /// <param name="layout">Which text encoders it has.</param>
    /// <param name="source">Where the configs come from.</param>
    public static IEnumerable<Assumption> Of(SingleFileModel model, TextLayout layout, string source)
    {
        JsonElement scheduler = model.Config("scheduler"), unet = model.Config("unet"), vae = model.Config("vae");
        string[] encoders = [.. model.WeightParts.Where(part => part.StartsWith("text_encoder", StringComparison.Ordinal))];
        return
        [
            Taken(
                "scheduler",
                $"{Value(scheduler, "_class_name")}, betas {Value(scheduler, "beta_schedule")} "
                + $"{Value(scheduler, "beta_start")} to {Value(scheduler, "beta_end")}, {Value(scheduler, "num_train_timesteps")} steps"),
            .. encoders.Select(encoder => encoder.Replace("text_encoder", "tokenizer", StringComparison.Ordinal)).Select(part => Taken(
                part.Replace('_', ' '),
                (model.FolderOf(part) is null ? "OpenAI CLIP's, of the tool" : "its own")
                + $", padding {model.PaddingOf(part) ?? "as its files say"}")),
            Taken("heads of the unet", HeadsOf(unet)),
            .. encoders.Select(part => Taken($"heads of the {part.Replace('_', ' ')}", Value(TextOf(part), "num_attention_heads"))),
            .. encoders.Select(part => Taken($"activation of the {part.Replace('_', ' ')}", Value(TextOf(part), "hidden_act"))),
            Taken("state that is read", layout switch
            {
                TextLayout.StableDiffusion1 => "the last, normed",
                TextLayout.StableDiffusion2 => "the one before the file's last block, normed",
                _ => "the last but one of both encoders, not normed",
            }),
            Taken("group norm", $"{Value(unet, "norm_num_groups", "32")} groups, eps {Value(unet, "norm_eps", "1E-05")}"),
            Taken("size of images", SizeOf(unet, vae)),
            Taken("scaling factor of the latents", Value(vae, "scaling_factor", "0.18215")),
            new Assumption("safety checker", "none", "the file has none"),
        ];

        Assumption Taken(string what, string value) => new(what, value, source);

        JsonElement TextOf(string encoder) => ClipTextConfig.OfWhole(model.Config(encoder)) ?? model.Config(encoder);
    }

    private static string HeadsOf(JsonElement unet)
        => Value(unet, "num_attention_heads", "") is { Length: > 0 } heads ? heads : Value(unet, "attention_head_dim", "8");

    private static string SizeOf(JsonElement unet, JsonElement vae)
        => unet.TryGetProperty("sample_size", out JsonElement size)
            && size.ValueKind == JsonValueKind.Number
            && size.TryGetInt32(out int latents)
            && vae.TryGetProperty("block_out_channels", out JsonElement levels) && levels.ValueKind == JsonValueKind.Array
            ? $"{latents << (levels.GetArrayLength() - 1)} pixels"
            : "the family's";

    private static string Value(JsonElement config, string key, string defaultValue = "the class's default")
        => config.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value.ToString().Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            : defaultValue;
}
