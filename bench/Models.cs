using System.Globalization;
using DiffusionLens;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>Images of an embedded model: some layers of a prompt times some seeds at once, as the paper's experiments make them.</summary>
internal static class Models
{
    private const int Layers = 7;

    /// <param name="folder">The model's.</param>
    /// <param name="seeds">How many; a batch has seven times as many images, or fewer where the model has fewer layers.</param>
    public static Result Measure(string folder, int seeds)
    {
        const double Long = 8;
        using TextToImageModel model = TextToImageModel.Load(folder);
        Lens lens = new(model);
        // The second stage as mini-if's dlens.json has it.
        SamplerSettings settings = new() { Guidance = 4, SuperResolution = new SuperResolutionSettings(Steps: 8, Guidance: 1) };
        LensSite[] sites = [.. Enumerable.Range(0, model.LayerCount + 1).TakeLast(Layers).Select(layer => new LensSite(layer))];
        ulong[] noises = [.. Enumerable.Range(0, seeds).Select(seed => (ulong)seed)];
        double best = Clock.Best(Long, MakeImages)[0];
        int images = sites.Length * seeds;
        string unit = string.Create(CultureInfo.InvariantCulture, $"s, {images} images: {images / best:0.0} a second");
        return new Result(best, Clock.PeakGB(), unit);

        Tensor MakeImages()
        {
            using DisposeScope scope = NewDisposeScope();
            using PromptEncoding encoding = lens.Encode("a red car and a blue star");
            return lens.Images(encoding, sites, noises, settings)[0].Pixels.MoveToOuterDisposeScope();
        }
    }
}
