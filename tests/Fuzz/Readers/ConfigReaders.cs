using System.Text.Json;
using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using Experiments.Models;
using MiniWorld.Recognition;

namespace Fuzz.Readers;

/// <summary>The configs of each class of network, alone; those of a whole model are in <see cref="ModelReaders"/>.</summary>
internal static class ConfigReaders
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        Config(
            "unet-config", UNet2DConditionConfig.Parse, "sd1/unet", "sd2/unet", "later/sdxl/unet", "if/stage_I/unet", "if/stage_II/unet"),
        Config("sd3-config", SD3TransformerConfig.Parse, "later/sd3/transformer", "shapes/sd35_medium/transformer"),
        Config("flux-config", FluxTransformerConfig.Parse, "later/flux/transformer", "later/flux/transformer_with_guidance"),
        Config("flux2-config", Flux2TransformerConfig.Parse, "klein/transformer", "shapes/flux2_klein_9b/transformer"),
        Config("zimage-config", ZImageTransformerConfig.Parse, "zimage/transformer", "shapes/zimage/transformer"),
        Config("qwen-image-config", QwenImageTransformerConfig.Parse, "qwen_image/transformer", "shapes/qwen_image/transformer"),
        Config("pixart-config", PixArtTransformerConfig.Parse, "pixart/transformer", "pixart/transformer_alpha"),
        Config("sana-config", SanaTransformerConfig.Parse, "sana/transformer", "sana/transformer_later"),
        Config("vae-config", AutoencoderKLConfig.Parse, "sd1/vae", "later/sd3/vae", "pixart/vae"),
        Config("flux2-vae-config", AutoencoderKLFlux2Config.Parse, "klein/vae"),
        Config("qwen-vae-config", AutoencoderKLQwenImageConfig.Parse, "qwen_image/vae"),
        Config("dc-ae-config", AutoencoderDCConfig.Parse, "sana/vae"),
        Config("clip-config", ClipTextConfig.Parse, "sd1/text_encoder", "sd2/text_encoder", "later/sdxl/text_encoder_2"),
        Config("t5-config", T5Config.Parse, "if/stage_I/text_encoder", "later/sd3/text_encoder_3"),
        Config("qwen3-config", Qwen3Config.Parse, "klein/text_encoder", "zimage/text_encoder"),
        Config("qwen25vl-config", Qwen25VLConfig.Parse, "qwen_image/text_encoder"),
        Config("gemma2-config", Gemma2Config.Parse, "sana/text_encoder"),
        new("scheduler-config", [new("scheduler_config.json", Schedulers())], MakeSamplers),
        new("recognizer-config", [new("config.json", [Repository.Read("models/mini-recognizer/config.json")])], MakeRecognizer),
        new(
            "dlens-settings",
            [new("dlens.json", [Repository.Read("models/mini-sd/dlens.json"), Repository.Read("models/mini-if/dlens.json")])],
            folder => ModelSettings.Read(folder)),
    ];

    private static FuzzedReader Config<T>(string name, Func<JsonElement, string, T> parse, params string[] folders) => new(
        name,
        [new("config.json", [.. folders.Select(folder => Repository.Read($"tests/Lens.Tests/reference/{folder}/config.json"))])],
        folder =>
        {
            string path = Path.Combine(folder, "config.json");
            parse(ConfigFile.ReadObject(path), path);
        });

    private static Content[] Schedulers() =>
    [
        Repository.Read("models/mini-sd/scheduler/scheduler_config.json"),
        .. Directory.EnumerateFiles(Repository.Reference(""), "scheduler_config.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => new Content(File.ReadAllBytes(file))),
    ];

    // Each sampler takes what it can from any sampler's file.
    private static void MakeSamplers(string folder)
    {
        string path = Path.Combine(folder, "scheduler_config.json");
        JsonElement json = ConfigFile.ReadObject(path);
        foreach (string name in Scheduler.Names)
        {
            try
            {
                Scheduler.Create(name, SchedulerConfig.Parse(json, path), steps: 4).Dispose();
            }
            catch (DiffusionLens.BadInputException)
            {
                // The next one may take it.
            }
        }

        SamplerClass.OfConfig(SchedulerConfig.Parse(json, path));
    }

    private static void MakeRecognizer(string folder)
    {
        RecognizerConfig config = RecognizerConfig.Read(Path.Combine(folder, "config.json"));
        using RecognizerNetwork network = new(config, new DiffusionLens.Runtime.Placement(TorchSharp.torch.float32, TorchSharp.torch.META));
        new Recognizer(network, config, SpecReaders.Mini).Dispose();
    }
}
