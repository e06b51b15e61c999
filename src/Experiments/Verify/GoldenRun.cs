using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using Experiments.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Verify;

/// <summary>
/// Computes the tensors of a golden run in order: of each prompt, of each layer, from the text encoder's state to the image; then what
/// other sites give the denoiser.
/// </summary>
internal static class GoldenRun
{
    /// <param name="model">In float64.</param>
    /// <param name="recipe">What to compute.</param>
    /// <param name="visit">Gets every tensor; its values are on the CPU.</param>
    /// <param name="onProgress">Told the share that is done, 0..1.</param>
    public static void Visit(
        TextToImageModel model, GoldenRecipe recipe, Action<TensorKey, Tensor> visit, Action<double>? onProgress)
    {
        Lens lens = new(model);
        LensSite[] sites = [.. Enumerable.Range(0, model.LayerCount + 1).Select(layer => new LensSite(layer))];
        SamplerSettings settings = SettingsOf(model, recipe);
        for (int prompt = 0; prompt < recipe.Prompts.Count; prompt++)
        {
            using DisposeScope scope = NewDisposeScope();
            using PromptEncoding encoding = lens.Encode(recipe.Prompts[prompt]);
            Tensor noise = model.InitialNoise(recipe.Seed, settings).to(model.Placement.DType);
            IReadOnlyList<LensImage> images = lens.Images(
                encoding, sites, [recipe.Seed], settings, new SamplingFraction(Tell));
            void Tell(double share) => onProgress?.Invoke((prompt + share) / recipe.Prompts.Count);

            foreach (LensSite site in sites)
            {
                TextReads conditioning = lens.Conditioning(encoding, site);
                using TextConditioning text = model.Condition(conditioning);
                EncoderRead read = model.Description.ReadsAt(site)[0];
                visit(new TensorKey(prompt, site.Layer, "hidden state"), encoding.Encoders[read.Encoder].States[read.Layer]);
                visit(new TensorKey(prompt, site.Layer, "conditioning"), conditioning.States[0]);
                visit(new TensorKey(prompt, site.Layer, "prediction"), model.Predict(noise, recipe.Timestep, text));
                visit(new TensorKey(prompt, site.Layer, "image"), images[site.Layer].Pixels);
            }

            foreach (string name in recipe.Sites ?? [])
            {
                LensSite site = GoldenSites.Of(name, recipe.Prompts[prompt], model.LayerCount);
                visit(new TensorKey(prompt, site.Layer, "conditioning", name), lens.Conditioning(encoding, site).States[0]);
            }
        }
    }

    public static SamplerSettings SettingsOf(TextToImageModel model, GoldenRecipe recipe) => new()
    {
        Scheduler = model.Description.OwnSampler?.Scheduler ?? Scheduler.PaperName,
        Steps = recipe.Steps,
        Guidance = recipe.Guidance,
        Height = recipe.Height,
        Width = recipe.Width,
        NoiseGrid = recipe.NoiseGrid,
    };
}
