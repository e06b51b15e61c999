using System.Text.Json.Nodes;
using TorchSharp;
using Training.Denoiser;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Cascade;

/// <summary>Trains the two UNets of mini-if, on pixels and the frozen text encoder's last layer.</summary>
internal static class PixelTraining
{
    private const double ShareWithoutCaption = 0.1;
    private const int LargePool = 16_384, SmallPool = 40_960;

    /// <summary>Stage I: small pictures from noise.</summary>
    public static void RunSmall(TrainingOptions options, World world)
    {
        string folder = CascadeFiles.FirstStage(options.Models);
        using FrozenLanguage language = FrozenLanguage.Load(folder, options.DType, CascadeFiles.SmallSide);
        using PixelNetwork network = PixelNetwork.Create(CascadeFiles.SmallUNet, options);
        if (options.FromModels)
        {
            ModelPart.Load(network.UNet, Path.Combine(folder, "unet"));
        }

        using TrainingLoop loop = new("if-stage-1", network.UNet, options, "thing_present", "thing_in_color");
        using ScenePool pool = new(language, world, options, loop.Done, SmallPool);
        SampleSheet sheet = new(world.Lexicon, Path.Combine(options.Models, "mini-recogniser"));
        loop.Run(
            (_, generator) =>
            {
                (Tensor pictures, Tensor states) = pool.Draw(options.Batch, ShareWithoutCaption, generator);
                return network.Loss(pictures, states, generator);
            },
            () => sheet.Measure(captions => PixelNetwork.Shown(network.Sample(language, captions)), loop.PathOf("sheet.png")));
        Save(network, CascadeFiles.SmallUNet, CascadeFiles.SmallIndex, folder);
        loop.Publish(CascadeFiles.Whole(options.Models));
    }

    /// <summary>Stage II: large pictures from small ones, which are noised as stage I's will be.</summary>
    public static void RunLarge(TrainingOptions options, World world)
    {
        string first = CascadeFiles.FirstStage(options.Models), folder = CascadeFiles.SecondStage(options.Models);
        using FrozenLanguage language = FrozenLanguage.Load(first, options.DType, CascadeFiles.LargeSide);
        using PixelNetwork small = PixelNetwork.Create(CascadeFiles.SmallUNet, options), network = PixelNetwork.Create(CascadeFiles.LargeUNet, options);
        ModelPart.Load(small.UNet, Path.Combine(first, "unet"));
        if (options.FromModels)
        {
            ModelPart.Load(network.UNet, Path.Combine(folder, "unet"));
        }

        using TrainingLoop loop = new("if-stage-2", network.UNet, options, "thing_present", "thing_in_color");
        using ScenePool pool = new(language, world, options, loop.Done, LargePool);
        SampleSheet sheet = new(world.Lexicon, Path.Combine(options.Models, "mini-recogniser"));
        loop.Run(
            (_, generator) =>
            {
                (Tensor pictures, Tensor states) = pool.Draw(options.Batch, ShareWithoutCaption, generator);
                Tensor halved = nn.functional.adaptive_avg_pool2d(pictures, CascadeFiles.SmallSide);
                return network.Loss(pictures, states, generator, halved);
            },
            () => sheet.Measure(captions => PixelNetwork.Shown(network.Sample(language, captions, small.Sample(language, captions))), loop.PathOf("sheet.png")));
        Save(network, CascadeFiles.LargeUNet, CascadeFiles.LargeIndex, folder);
        Directory.CreateDirectory(Path.Combine(folder, "image_noising_scheduler"));
        ModelPart.WriteJson(CascadeFiles.NoisingScheduler, Path.Combine(folder, "image_noising_scheduler", "scheduler_config.json"));
        loop.Publish(CascadeFiles.Whole(options.Models));
    }

    private static void Save(PixelNetwork network, JsonObject config, JsonObject index, string folder)
    {
        ModelPart.Save(network.UNet, config, Path.Combine(folder, "unet"));
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        ModelPart.WriteJson(CascadeFiles.Scheduler, Path.Combine(folder, "scheduler", "scheduler_config.json"));
        ModelPart.WriteJson(index, Path.Combine(folder, "model_index.json"));
    }
}
