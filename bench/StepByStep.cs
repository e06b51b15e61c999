using System.Diagnostics;
using System.Globalization;
using DiffusionLens;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>Time and peak memory of each step of one image: encoding, calls of the denoiser, decoding.</summary>
internal static class StepByStep
{
    /// <param name="folder">The model.</param>
    /// <param name="side">Of the image, in pixels.</param>
    /// <param name="steps">Of the sampler.</param>
    /// <param name="guidance">Its scale.</param>
    public static void Run(string folder, int side, int steps, double guidance)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using DisposeScope scope = NewDisposeScope();
        using TextToImageModel model = TextToImageModel.Load(folder, new LoadOptions(ScalarType.BFloat16));
        Say("opened and checked", watch);

        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode("a red car and a blue star");
        Say("prompt and empty prompt encoded, the encoder loaded", watch);
        using PromptEncoding again = lens.Encode("a green cat on the moon");
        Say("the same of another prompt, the encoder there", watch);

        SamplerSettings settings = new()
        {
            Scheduler = model.Description.OwnSampler?.Scheduler,
            Steps = steps,
            Guidance = guidance,
            Height = side,
            Width = side,
        };
        LensImage image = lens.Images(encoding, [new LensSite(model.LayerCount)], [0], settings, new Reports(watch))[0];
        Say("decoded", watch);
        double darkest = image.Pixels.min().ToDouble(), lightest = image.Pixels.max().ToDouble();
        Say(string.Create(CultureInfo.InvariantCulture, $"pixels {darkest:0.00} to {lightest:0.00}"));
    }

    private static void Say(string what, Stopwatch watch)
    {
        double seconds = watch.Elapsed.TotalSeconds, peak = Clock.PeakGB();
        Say(string.Create(CultureInfo.InvariantCulture, $"{seconds,8:0.0} s  {peak,5:0.0} GB at most  {what}"));
        watch.Restart();
    }

    private static void Say(string line) => Console.WriteLine(line);

    private sealed class Reports(Stopwatch watch) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
            => Say($"step {value.Done} of {value.Total}{(value.Done == 1 ? ", the denoiser loaded" : "")}", watch);
    }
}
