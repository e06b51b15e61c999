using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using TorchSharp;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Autoencoder;

/// <summary>Trains <c>mini-sd/vae</c>: images through 8×8 latents and back.</summary>
internal static class VaeTraining
{
    private const double KlWeight = 2e-4;
    private const int HeldOutScenes = 256, ShownScenes = 24;

    private static readonly JsonObject Config = new()
    {
        ["_class_name"] = "AutoencoderKL",
        ["_diffusers_version"] = "0.39.0",
        ["act_fn"] = "silu",
        ["block_out_channels"] = new JsonArray(16, 32, 64, 64),
        ["down_block_types"] = new JsonArray("DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"),
        ["force_upcast"] = false,
        ["in_channels"] = 3,
        ["latent_channels"] = 8,
        ["layers_per_block"] = 1,
        ["norm_num_groups"] = 8,
        ["out_channels"] = 3,
        ["sample_size"] = 64,
        ["scaling_factor"] = 1.0,
        ["up_block_types"] = new JsonArray("UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"),
    };

    public static void Run(TrainingOptions options, World world)
    {
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(JsonSerializer.SerializeToElement(Config), "vae/config.json");
        using AutoencoderKL network = new(config, new Placement(options.DType, CPU));
        InitialValues.Set(network, (long)options.Seed);
        if (options.FromModels)
        {
            ModelPart.Load(network, Path.Combine(options.Models, "mini-sd", "vae"));
        }

        using TrainingLoop loop = new("vae", network, options, "psnr", "latent_deviation");
        SceneBatch heldOut = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(1), HeldOutScenes);
        using SceneStream stream = new(world.Renderer, world.TrainingSampler(options.Seed), options, loop.Done);
        loop.Run(
            (_, generator) => Loss(network, stream.Next().Pixels.to(options.DType), generator),
            () => Measure(network, heldOut, options, loop));

        JsonObject saved = (JsonObject)Config.DeepClone();
        saved["scaling_factor"] = Math.Round(1 / Measure(network, heldOut, options, loop)[1], 5);
        ModelPart.Save(network, saved, Path.Combine(options.Models, "mini-sd", "vae"));
        loop.Publish(Path.Combine(options.Models, "mini-sd"));
    }

    /// <summary>Squared and absolute differences of pixels and of their steps to the neighbors (edges), and a little of KL.</summary>
    private static Tensor Loss(AutoencoderKL network, Tensor pixels, Generator generator)
    {
        Tensor target = pixels.Times(2).Plus(-1);
        DiagonalGaussian latents = network.Encode(target);
        Tensor deviation = latents.LogVariance.Times(0.5).exp();
        Tensor noise = randn(latents.Mean.shape, generator: generator).to(target.dtype);
        Tensor error = network.Decode(latents.Mean.add(deviation.mul(noise))).sub(target).to(ScalarType.Float32);
        Tensor edges = error.diff(1, 2).abs().mean().add(error.diff(1, 3).abs().mean());
        Tensor mean = latents.Mean.to(ScalarType.Float32), logVariance = latents.LogVariance.to(ScalarType.Float32);
        Tensor divergence = mean.square().add(logVariance.exp()).sub(logVariance).Plus(-1).mean();
        return error.square().mean()
            .PlusScaled(error.abs().mean(), 0.1)
            .PlusScaled(edges, 0.1)
            .PlusScaled(divergence, 0.5 * KlWeight);
    }

    /// <summary>
    /// Peak signal-to-noise ratio (dB, of 0..1) and the latents' standard deviation, on scenes that no training step saw.
    /// </summary>
    private static double[] Measure(AutoencoderKL network, SceneBatch heldOut, TrainingOptions options, TrainingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        DiagonalGaussian latents = network.Encode(heldOut.Pixels.Times(2).Plus(-1).to(options.DType));
        Tensor decoded = network.Decode(latents.Mean).to(ScalarType.Float32).Times(0.5).Plus(0.5).ClampTo(0, 1);
        double squared = decoded.sub(heldOut.Pixels).square().mean().ToDouble();
        ImageSheet.Save(cat([heldOut.Pixels[..ShownScenes], decoded[..ShownScenes]]), 12, loop.PathOf("sheet.png"));
        return [-10 * Math.Log10(squared), latents.Mean.to(ScalarType.Float32).std().ToDouble()];
    }
}
