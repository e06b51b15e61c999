using System.Text.Json.Nodes;
using Training.Rendering;
using Training.Runs;

namespace Training.Flow;

/// <summary>The folder of mini-mmdit: FLUX.1's configs with other sizes, and the encoders of the other small models.</summary>
internal static class MmditFiles
{
    /// <summary>Tokens of T5 that the denoiser reads; captions of the small world have 17 at most.</summary>
    public const int TextLength = 24;

    private const string Version = "0.39.0";

    // As FLUX.1 dev: the one model that is told the scale of guidance, so that an image takes one pass a step.
    public static JsonObject Transformer => new()
    {
        ["_class_name"] = "FluxTransformer2DModel",
        ["_diffusers_version"] = Version,
        ["attention_head_dim"] = 32,
        ["axes_dims_rope"] = new JsonArray(8, 12, 12),
        ["guidance_embeds"] = true,
        ["in_channels"] = 16,
        ["joint_attention_dim"] = 128,
        ["num_attention_heads"] = 4,
        ["num_layers"] = 2,
        ["num_single_layers"] = 6,
        ["out_channels"] = null,
        ["patch_size"] = 1,
        ["pooled_projection_dim"] = 128,
    };

    /// <summary>Levels of noise are shifted by a fixed number: images have one size.</summary>
    public static JsonObject Scheduler => new()
    {
        ["_class_name"] = "FlowMatchEulerDiscreteScheduler",
        ["_diffusers_version"] = Version,
        ["num_train_timesteps"] = 1000,
        ["shift"] = Shift,
        ["use_dynamic_shifting"] = false,
    };

    /// <summary>The scheduler's shift, in training as in sampling.</summary>
    public const double Shift = 2;

    private static JsonObject Index => new()
    {
        ["_class_name"] = "FluxPipeline",
        ["_diffusers_version"] = Version,
        ["feature_extractor"] = new JsonArray(null, null),
        ["image_encoder"] = new JsonArray(null, null),
        ["scheduler"] = new JsonArray("diffusers", "FlowMatchEulerDiscreteScheduler"),
        ["text_encoder"] = new JsonArray("transformers", "CLIPTextModel"),
        ["text_encoder_2"] = new JsonArray("transformers", "T5EncoderModel"),
        ["tokenizer"] = new JsonArray("transformers", "CLIPTokenizer"),
        ["tokenizer_2"] = new JsonArray("transformers", "T5Tokenizer"),
        ["transformer"] = new JsonArray("diffusers", "FluxTransformer2DModel"),
        ["vae"] = new JsonArray("diffusers", "AutoencoderKL"),
    };

    /// <summary>What this program is to know of the model besides.</summary>
    private static JsonObject Notes => new()
    {
        ["lexicon"] = "mini",
        ["recognizer"] = "mini-recognizer",
        ["guidance"] = FlowStudy.SheetGuidance,
        ["height"] = RenderedScene.Side,
        ["width"] = RenderedScene.Side,
        ["maxSequenceLength"] = TextLength,

        // With CLIP's pooled vector, which says nearly all there is to say, any layer of T5 would show the prompt.
        ["pooled"] = "empty",
    };

    /// <param name="models">The folder with all models.</param>
    public static string Folder(string models) => Path.Combine(models, "mini-mmdit");

    public static string TransformerFolder(string models) => Path.Combine(Folder(models), "transformer");

    /// <summary>What the folder has besides autoencoder and transformer: copies of mini-sd's CLIP and mini-if's T5, and configs.</summary>
    public static void WriteRest(string models)
    {
        string folder = Folder(models), sd = Path.Combine(models, "mini-sd"), language = Path.Combine(models, "mini-if", "stage_I");
        Copy(Path.Combine(sd, "text_encoder"), Path.Combine(folder, "text_encoder"));
        Copy(Path.Combine(sd, "tokenizer"), Path.Combine(folder, "tokenizer"));
        Copy(Path.Combine(language, "text_encoder"), Path.Combine(folder, "text_encoder_2"));
        Copy(Path.Combine(language, "tokenizer"), Path.Combine(folder, "tokenizer_2"));
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        ModelPart.WriteJson(Scheduler, Path.Combine(folder, "scheduler", "scheduler_config.json"));
        ModelPart.WriteJson(Index, Path.Combine(folder, "model_index.json"));
        ModelPart.WriteJson(Notes, Path.Combine(folder, "dlens.json"));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }
}
