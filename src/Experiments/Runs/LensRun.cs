using Experiments.Figures;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Specs;
using DiffusionLens;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Runs;

/// <summary>The lens on one prompt.</summary>
internal static class LensRun
{
    private const int DefaultParts = 6;

    /// <summary>Makes the image, and the dump where one is asked for.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">Something in the request or the model is not right, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; no file was written.</exception>
    public static void Execute(LensRequest request, Terminal terminal)
    {
        ModelInfo card = ModelInfo.Read(ModelReference.Find(request.Model.Model).Paths);
        SamplerSpec sampler = request.Sampler.Over(new SamplerSpec { Height = request.Size.Height, Width = request.Size.Width }, card);
        LayerChoice choice = request.Layers ?? new LayerChoice.EveryPart(Math.Min(DefaultParts, card.LayerCount), new SourceLocation("--layers"));
        IReadOnlyList<int> layers = Planner.LayersOf(choice, card.LayerCount);
        string image = request.Out ?? SafeName.Of(request.Prompt) + ".png";
        WritableFolder.CheckFor(image, "--out");
        if (request.Dump is not null)
        {
            WritableFolder.CheckFor(request.Dump, "--dump");
        }

        using DisposeScope scope = NewDisposeScope();
        using LoadedModel model = LoadedModel.Load(card.Folders, request.Model, sampler);
        using PromptEncoding encoding = model.Lens.Encode(request.Prompt, request.Negative);
        LensSite[] sites = [.. layers.Select(layer => new LensSite(layer) { Norm = request.FinalNorm ? SiteNorm.Native : SiteNorm.None })];
        ProgressLine line = new("images", "images", sites.Length * request.Seeds.Count);
        IReadOnlyList<LensImage> images = ProgressDisplay.Show(terminal, line, tell => model.Lens.Images(
            encoding,
            sites,
            [.. request.Seeds.Select(seed => (ulong)seed)],
            model.Settings,
            new SamplingFraction(share => tell(line.All * share)),
            terminal.Cancellation));

        ContactSheetRenderer.Draw(Sheet(request, layers, images), image);
        terminal.Output.WriteLine(image);
        if (request.Dump is not null)
        {
            WriteDump(request.Dump, Tensors(model, encoding, sites, request.Seeds, images));
            terminal.Output.WriteLine(request.Dump);
        }
    }

    private static void WriteDump(string path, Dictionary<string, Tensor> tensors)
    {
        try
        {
            SafetensorsWriter.Write(path, tensors);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(path, problem, "--dump");
        }
    }

    private static ContactSheet Sheet(LensRequest request, IReadOnlyList<int> layers, IReadOnlyList<LensImage> images) => new(
        request.Prompt,
        request.FinalNorm ? "" : "Without the encoder's final norm.",
        [.. layers.Select(layer => $"Layer {layer}")],
        [
            .. request.Seeds.Select(seed => new ContactSheetRow(
                request.Prompt,
                $"seed {seed}",
                [.. images.Where(image => image.Key.Seed == (ulong)seed).Select(image => new ContactSheetCell(() => ImageFile.ToImage(image.Pixels)))])),
        ]);

    // All that was computed, in the run's type, by the names that the README lists.
    private static Dictionary<string, Tensor> Tensors(
        LoadedModel model, PromptEncoding encoding, LensSite[] sites, IReadOnlyList<int> seeds, IReadOnlyList<LensImage> images)
    {
        Dictionary<string, Tensor> tensors = new()
        {
            ["input_ids"] = tensor(encoding.Encoders[0].Tokens.Ids.Select(id => (long)id).ToArray()).unsqueeze(0),
        };
        for (int layer = 0; layer <= encoding.Encoders[0].LayerCount; layer++)
        {
            tensors[$"hidden_states.{layer}"] = encoding.Encoders[0].States[layer];
        }

        foreach (LensSite site in sites)
        {
            tensors[$"lens.{site.Layer}"] = model.Lens.Conditioning(encoding, site).States[0];
        }

        foreach (int seed in seeds)
        {
            tensors[$"latents.initial.seed{seed}"] = model.Model.InitialNoise((ulong)seed, model.Settings).to(model.Model.Placement.DType);
        }

        foreach (LensImage image in images)
        {
            tensors[$"latents.layer{image.Key.Site.Layer}.seed{image.Key.Seed}"] = image.Latents.unsqueeze(0);
            tensors[$"image.layer{image.Key.Site.Layer}.seed{image.Key.Seed}"] = image.Pixels;
        }

        return tensors;
    }
}
