using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>Networks of full size, each by name: how long a call takes, and the work of its layers.</summary>
internal static class Networks
{
    /// <summary>512×512 pixels.</summary>
    private const int LatentSide = 64, PixelSide = 512;

    private const int Guided = 2, TextRows = 77, HeadWidth = 64;

    private const int Blocks = 4, Prompts = 8, PromptRows = 120;

    /// <summary>One call's best time, and what it says of itself.</summary>
    public static Result Measure(string name, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Placement placement = Placement.Default with { DType = dtype };
        return name switch
        {
            "unet" => OfUNet(placement, upcasts: true),
            "unet-no-upcast" => OfUNet(placement, upcasts: false),
            "decoder" => OfDecoder(placement),
            "t5" => OfTextEncoder(placement),
            _ => throw new ArgumentException($"no network is called '{name}'; there are unet, unet-no-upcast, decoder, t5", nameof(name)),
        };
    }

    /// <summary>Layers of a network, each shape with its count, and how many samples go through them at once.</summary>
    public static (IReadOnlyDictionary<LayerWork, int> Layers, int Samples) Layers(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module network = name == "decoder" ? FullSize.Autoencoder(Placement.Meta) : FullSize.UNet(Placement.Meta);
        IEnumerable<(string, long[])> weights = [.. network.named_parameters().Select(entry => (entry.name, entry.parameter.shape))];
        return name == "decoder"
            ? (LayerWork.Of(weights, "decoder.", PixelSide, headWidth: 0, textRows: 0), 1)
            : (LayerWork.Of(weights, "", LatentSide, HeadWidth, TextRows), Guided);
    }

    private static Result OfUNet(Placement placement, bool upcasts)
    {
        using UNet2DConditionModel network = FullSize.UNet(placement, upcasts);
        using CrossAttentionStates text = network.ProjectText(randn(Guided, TextRows, 1024).to(placement.DType));
        Tensor sample = randn(Guided, 4, LatentSide, LatentSide).to(placement.DType), timestep = tensor(500.0);
        return Best(() => network.forward(sample, timestep, text), "s a step");
    }

    private static Result OfDecoder(Placement placement)
    {
        using AutoencoderKL network = FullSize.Autoencoder(placement);
        Tensor latents = randn(1, 4, LatentSide, LatentSide).to(placement.DType);
        return Best(() => network.Decode(latents), "s an image");
    }

    private static Result OfTextEncoder(Placement placement)
    {
        using T5EncoderModel network = FullSize.TextEncoder(Blocks, placement);
        Tensor ids = ones(1, PromptRows, dtype: ScalarType.Int64), mask = ones(1, PromptRows, dtype: ScalarType.Int64);
        const double Weights = (4.0 * 4096 * 4096) + (3.0 * 4096 * 10240);
        Result result = Best(AllPrompts, "");
        double rate = 2.0 * Weights * Blocks * Prompts * PromptRows / result.Seconds / 1e9;
        return result with { Unit = $"s, {Prompts} prompts, {Blocks} of 24 blocks: {rate:0} GF/s" };

        Tensor AllPrompts()
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor last = ids;
            for (int prompt = 0; prompt < Prompts; prompt++)
            {
                last = network.Trace(ids, mask).HiddenStates[Blocks];
            }

            return last.MoveToOuterDisposeScope();
        }
    }

    private static Result Best(Func<Tensor> call, string unit)
    {
        const double Long = 10;
        double best = Clock.Best(Long, call)[0];
        return new Result(best, Clock.PeakGB(), unit);
    }
}
