using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionLens.Autoencoders;
using DiffusionLens.Runtime;
using TorchSharp;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Autoencoder;

/// <summary>Trains an autoencoder: 64×64 images through latents and back.</summary>
internal static class VaeTraining
{
    private const double KlWeight = 2e-4;
    private const int HeldOutScenes = 256, ShownScenes = 24;

    public static void Run(AutoencoderRecipe recipe, TrainingOptions options, World world)
    {
        string model = Path.Combine(options.Models, recipe.Model), folder = Path.Combine(model, "vae");
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(JsonSerializer.SerializeToElement(recipe.Config), "vae/config.json");
        using AutoencoderKL network = new(config, new Placement(options.DType, CPU));
        InitialValues.Set(network, (long)options.Seed);
        if (options.FromModels)
        {
            ModelPart.Load(network, folder);
        }

        using TrainingLoop loop = new(recipe.Training, network, options, [], "psnr", "latent_deviation")
        {
            BetweenCheckpoints = TimeSpan.FromMinutes(2),
        };
        SceneBatch heldOut = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(1), HeldOutScenes);
        using SceneStream stream = new(world.Renderer, world.TrainingSampler(options.Seed), options, loop.Done);
        loop.Run(
            (_, generator) => Loss(network, stream.Next().Pixels.to(options.DType), generator, recipe.HalvedWeight),
            () => Measure(network, heldOut, options, loop).Logged);

        Measured measured = Measure(network, heldOut, options, loop);
        JsonObject saved = (JsonObject)recipe.Config.DeepClone();
        saved["scaling_factor"] = Math.Round(1 / measured.Deviation, 5);
        if (recipe.MovesLatents)
        {
            saved["shift_factor"] = Math.Round(measured.Mean, 5);
        }

        ModelPart.Save(network, saved, folder);
        loop.Publish(model);
    }

    /// <summary>What an image's reconstruction costs, that of half the size where it is asked for, and a little of KL.</summary>
    internal static Tensor Loss(AutoencoderKL network, Tensor pixels, Generator generator, double halvedWeight)
    {
        Tensor target = pixels.Times(2).Plus(-1);
        DiagonalGaussian latents = network.Encode(target);
        Tensor deviation = latents.LogVariance.Times(0.5).exp();
        Tensor noise = randn(latents.Mean.shape, generator: generator).to(target.dtype);
        Tensor drawn = latents.Mean.Plus(deviation.mul(noise));
        Tensor mean = latents.Mean.to(ScalarType.Float32), logVariance = latents.LogVariance.to(ScalarType.Float32);
        Tensor divergence = mean.Squared().Plus(logVariance.exp()).sub(logVariance).Plus(-1).mean();
        Tensor loss = Difference(network.Decode(drawn), target).PlusScaled(divergence, 0.5 * KlWeight);
        return halvedWeight == 0 ? loss : loss.PlusScaled(Difference(network.Decode(Halved(drawn)), Halved(target)), halvedWeight);
    }

    /// <summary>Squared and absolute differences of pixels and of their steps to the neighbors (edges).</summary>
    private static Tensor Difference(Tensor decoded, Tensor target)
    {
        Tensor error = decoded.sub(target).to(ScalarType.Float32);
        Tensor edges = error.diff(1, 2).abs().mean().Plus(error.diff(1, 3).abs().mean());
        return error.Squared().mean().PlusScaled(error.abs().mean(), 0.1).PlusScaled(edges, 0.1);
    }

    private static Tensor Halved(Tensor images) => nn.functional.avg_pool2d(images, 2);

    /// <summary>
    /// Peak signal-to-noise ratio (dB, of 0..1) and the latents' mean and standard deviation, on scenes that no training step saw.
    /// </summary>
    private static Measured Measure(AutoencoderKL network, SceneBatch heldOut, TrainingOptions options, TrainingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        DiagonalGaussian latents = network.Encode(heldOut.Pixels.Times(2).Plus(-1).to(options.DType));
        Tensor decoded = network.Decode(latents.Mean).to(ScalarType.Float32).Times(0.5).Plus(0.5).ClampTo(0, 1);
        double squared = decoded.sub(heldOut.Pixels).Squared().mean().ToDouble();
        ImageSheet.Save(cat([heldOut.Pixels[..ShownScenes], decoded[..ShownScenes]]), 12, loop.PathOf("sheet.png"));
        Tensor mean = latents.Mean.to(ScalarType.Float32);
        return new(-10 * Math.Log10(squared), mean.mean().ToDouble(), mean.std().ToDouble());
    }

    private sealed record Measured(double Psnr, double Mean, double Deviation)
    {
        public double[] Logged => [Psnr, Deviation];
    }
}
