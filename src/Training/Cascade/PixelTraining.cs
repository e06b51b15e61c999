using System.Text.Json.Nodes;
using MiniWorld.Scenes;
using Training.Denoiser;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>Trains the two UNets of mini-if, on pixels and the frozen text encoder's last layer.</summary>
internal static class PixelTraining
{
    private const double ShareWithoutCaption = 0.1;
    private const int PoolSize = 8_192, Meetings = 8, LookedAt = 4_096;

    /// <summary>Stage I: small images from noise.</summary>
    public static void RunSmall(TrainingOptions options, World world)
    {
        Stage stage = new("if-stage-1", CascadeFiles.FirstStage(options.Models), CascadeFiles.SmallUNet, CascadeFiles.SmallIndex);
        using PixelNetwork network = PixelNetwork.Create(stage.Config, options);
        using FrozenLanguage language = FrozenLanguage.Load(stage.Folder, options.DType, CascadeFiles.SmallSide);
        Train(stage, network, language, _ => null, captions => network.Sample(language, captions), options, world);
    }

    /// <summary>Stage II: large images from small ones, which are noised as stage I's will be.</summary>
    public static void RunLarge(TrainingOptions options, World world)
    {
        string first = CascadeFiles.FirstStage(options.Models);
        Stage stage = new("if-stage-2", CascadeFiles.SecondStage(options.Models), CascadeFiles.LargeUNet, CascadeFiles.LargeIndex);
        using PixelNetwork small = PixelNetwork.Create(CascadeFiles.SmallUNet, options);
        using PixelNetwork network = PixelNetwork.Create(stage.Config, options);
        using FrozenLanguage language = FrozenLanguage.Load(first, options.DType, CascadeFiles.LargeSide);
        ModelPart.Load(small.UNet, Path.Combine(first, "unet"));
        Train(
            stage,
            network,
            language,
            images => nn.functional.adaptive_avg_pool2d(images, CascadeFiles.SmallSide),
            captions => network.Sample(language, captions, small.Sample(language, captions)),
            options,
            world);
        Directory.CreateDirectory(Path.Combine(stage.Folder, "image_noising_scheduler"));
        ModelPart.WriteJson(CascadeFiles.NoisingScheduler, Path.Combine(stage.Folder, "image_noising_scheduler", "scheduler_config.json"));
    }

    private static void Train(
        Stage stage,
        PixelNetwork network,
        FrozenLanguage language,
        Func<Tensor, Tensor?> halved,
        Func<IReadOnlyList<string>, Tensor> sample,
        TrainingOptions options,
        World world)
    {
        string unet = Path.Combine(stage.Folder, "unet"), scheduler = Path.Combine(stage.Folder, "scheduler");
        if (options.FromModels)
        {
            ModelPart.Load(network.UNet, unet);
        }
        else
        {
            SceneSampler scenes = world.TrainingSampler(options.Seed + 7);
            WhiteningStart.Set(network.UNet, language, [.. Enumerable.Range(0, LookedAt).Select(i => scenes.At((ulong)i).Caption)]);
        }

        using TrainingLoop loop = new(stage.Name, network.UNet, options, language.Folders, SampleSheet.Measures)
        {
            BetweenCheckpoints = TimeSpan.FromMinutes(6),
        };
        using ScenePool pool = new(language, world, options, loop.Done, PoolSize, Meetings);
        SampleSheet sheet = new(world, Path.Combine(options.Models, "mini-recognizer"));
        loop.Run(
            (_, generator) =>
            {
                (Tensor images, Tensor states) = pool.Draw(options.Batch, ShareWithoutCaption, generator);
                return network.Loss(images, states, generator, halved(images));
            },
            () => sheet.Measure(captions => PixelNetwork.Shown(sample(captions)), loop.PathOf("sheet.png")));
        ModelPart.Save(network.UNet, stage.Config, unet);
        Directory.CreateDirectory(scheduler);
        ModelPart.WriteJson(CascadeFiles.Scheduler, Path.Combine(scheduler, "scheduler_config.json"));
        ModelPart.WriteJson(stage.Index, Path.Combine(stage.Folder, "model_index.json"));
        loop.Publish(CascadeFiles.Whole(options.Models));
    }

    /// <param name="Name">Of its training.</param>
    /// <param name="Folder">Where it goes.</param>
    /// <param name="Config">Its UNet's config.</param>
    /// <param name="Index">Its <c>model_index.json</c>.</param>
    private sealed record Stage(string Name, string Folder, JsonObject Config, JsonObject Index);
}
