using System.Diagnostics;
using System.Globalization;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Families;
using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using Experiments.Console;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Images;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Specs;
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
        ModelInfo info = ModelInfo.Read(ModelReference.Find(request.Model.Model).Paths, request.Model.SingleFile);
        request = request with
        {
            Model = info.Completed(request.Model),
            Site = info.Completed(request.Where).Over(SiteSpec.Native).Parts,
        };
        info.Require(request.Model);
        info.RequireNegative(request.Negative);
        AssumptionText.Write(info.Assumed, terminal.Output);
        TextForm.Of(info.Description, request.Model).Tell(terminal.Error);
        SamplerSpec sampler = request.Sampler.Over(new SamplerSpec { Height = request.Height, Width = request.Width }, info);
        int lastLayer = info.Description.DeepestLayer(request.Site);
        LayerChoice choice = request.Layers ?? new LayerChoice.EveryPart(DefaultParts, new SourceLocation("--layers"));
        info.Description.RequireHandling(request.Site.At(lastLayer), request.Text);
        LensSite[] sites =
        [
            .. Planner.LayersOf(choice, lastLayer, info.FirstLayerOf(request.Site)).Select(request.Site.At),
        ];
        Array.ForEach(sites, site => info.Description.ReadsAt(site));
        string sheet = request.Out ?? NameOf(request, info) + ".png";
        Check(sheet, request);
        request.Model.TellCost(terminal.Error);
        if (new[] { sheet, request.Animation, request.Dump }.Any(file => file is not null && OutputFile.IsStandardOutput(file)))
        {
            // Words would get between the bytes.
            terminal = terminal with { Output = terminal.Error };
        }

        TypefaceNote.Tell([request.Prompt], terminal.Error);
        bool isReplaced = request.Out is null && File.Exists(sheet);
        PromptReading reading = PromptReading.Of(info, request.Model);
        int? length = reading.LengthOf(request.Prompt, request.Text.Length);
        IReadOnlyList<int>[] shown = Shown(request, (site, text) => info.LookedInto(site, reading.Read(text, length)));
        string[] texts = [request.Prompt, request.Negative ?? "", request.Site.Source ?? ""];
        foreach (string note in texts.Distinct().SelectMany(text => reading.Note(text, length).Lines))
        {
            terminal.Error.WriteLine(note);
        }

        using DisposeScope scope = NewDisposeScope();
        using LoadedModel model = LoadedModel.Load(info.Folders, request.Model, sampler);
        IReadOnlyList<IReadOnlyList<ImageKey>> batches = model.Batches(request.Prompt, sites, request.Seeds, request.Text);
        using PromptEncoding encoding = model.Lens.Encode(
            [.. batches.SelectMany(batch => batch)], request.Negative, keepsAllLayers: request.Dump is not null, terminal.Cancellation)[0];
        ProgressLine line = new("images", "images", sites.Length * request.Seeds.Count);
        IReadOnlyList<LensImage> images = ProgressDisplay.Show(terminal, line, tell => model.Lens.Images(
            [.. batches.Select(keys => new PromptBatch(encoding, keys))],
            model.Settings,
            new SamplingFraction(share => tell(line.All * share)),
            terminal.Cancellation));

        using Activity? activity = LensActivity.Start("write");
        ContactSheet made = Sheet(request, sites, images);
        ContactSheetRenderer.Draw(made, sheet);
        terminal.Output.WriteLine($"sampler: {sampler}{(info.SamplerDoubt(sampler) is { } doubt ? $" ({doubt})" : "")}");
        terminal.Output.WriteLine(isReplaced ? $"{sheet} (in place of the one that was there)" : sheet);
        if (request.Animation is not null)
        {
            AnimationRenderer.Draw(made, request.Animation);
            terminal.Output.WriteLine(request.Animation);
        }

        if (request.Images is not null)
        {
            WriteImages(request.Images, request, info, images, terminal.Output);
        }

        if (request.Dump is not null)
        {
            Dictionary<string, Tensor> tensors = Tensors(model, encoding, sites, request, images);
            Dictionary<string, string> words = [];
            if (shown.Length > 0)
            {
                AddPositions(tensors, info, request.Site, shown);
            }

            if (PlaceKey(request) is { Length: > 0 } place)
            {
                words["site"] = place;
            }

            WriteDump(request.Dump, tensors, words);
            terminal.Output.WriteLine(request.Dump);
        }
    }

    private static void Check(string sheet, LensRequest request)
    {
        WritableFolder.CheckFor(sheet, "--out");
        RequireOther("--animation", request.Animation, "the sheet of images", sheet);
        RequireOther("--dump", request.Dump, "the sheet of images", sheet);
        if (request.Animation is not null)
        {
            RequireOther("--dump", request.Dump, "the animation", request.Animation);
        }

        if (request.Images is not null)
        {
            WritableFolder.Check(request.Images, "--images");
        }
    }

    private static void RequireOther(string option, string? file, string what, string taken)
    {
        if (file is null)
        {
            return;
        }

        WritableFolder.CheckFor(file, option);
        if (OutputFile.TargetOf(taken) == OutputFile.TargetOf(file) && (!OutputFile.IsStream(file) || OutputFile.IsStandardOutput(file)))
        {
            throw new BadInputException($"{option} {file}: {what} goes there; give another file");
        }
    }

    // The positions of each encoder that is looked into, where not all of them show the site.
    private static IReadOnlyList<int>[] Shown(LensRequest request, PromptTokens tokensOf)
    {
        if (request.Site.Tokens == SiteTokens.All)
        {
            return [];
        }

        try
        {
            return [.. SitePositions.Of(request.Site, request.Prompt, tokensOf)];
        }
        catch (BadInputException problem)
        {
            throw new SourceLocation("--tokens").Error(problem.Message);
        }
    }

    private static string PlaceKey(LensRequest request) => SiteWords.Beside(SiteWords.BesideLayer(request.Site), request.Text);

    // Another prompt, model, site or list of seeds is another file; what is not said on the command line is not in the name.
    private static string NameOf(LensRequest request, ModelInfo info)
    {
        string named = SafeName.Of(info.Name) == info.Name ? info.Name : SafeName.Unique(info.Name);
        string model = request.Model.Model == ModelRequest.DefaultModel ? "" : $"_{named}";
        string seeds = request.Seeds is [0] ? "" : $"_seed-{SafeName.Unique(string.Join(' ', request.Seeds))}";
        string place = PlaceKey(request) is { Length: > 0 } key ? $"_{key}" : "";
        return SafeName.Unique(request.Prompt) + place + model + seeds;
    }

    // The names that a run gives its images, behind the prompt.
    private static void WriteImages(
        string folder, LensRequest request, ModelInfo info, IReadOnlyList<LensImage> images, TextWriter output)
    {
        string prompt = NameOf(request with { Seeds = [0], Site = SiteSpec.Native.Parts, Text = TextHandling.Native }, info);
        foreach (LensImage image in images)
        {
            string key = SiteWords.Beside(image.Key.Site.Key, request.Text);
            string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{prompt}_{key}_seed-{image.Key.Seed}.png"));
            ImageFile.Write(file, image.Pixels, identity: null);
            output.WriteLine(file);
        }
    }

    private static void WriteDump(string path, Dictionary<string, Tensor> tensors, Dictionary<string, string> words)
    {
        try
        {
            SafetensorsWriter.Write(path, tensors, words);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(path, problem, "--dump");
        }
    }

    private static ContactSheet Sheet(LensRequest request, LensSite[] sites, IReadOnlyList<LensImage> images) => new(
        request.Prompt,
        SiteText.Say(request.Site, request.Text),
        [.. sites.Select(site => $"Layer {site.Layer}")],
        [
            .. request.Seeds.Select(seed => new ContactSheetRow(
                request.Prompt,
                $"seed {seed}",
                [.. images.Where(image => image.Key.Seed == seed).Select(image => ContactSheetCell.FromPixels(image.Pixels))])),
        ]);

    private static void AddPositions(
        Dictionary<string, Tensor> tensors, ModelInfo info, LensSite site, IReadOnlyList<int>[] shown)
    {
        string[] encoders = [.. info.LookedInto(site, info.Description.Encoders).Select(encoder => encoder.Name)];
        foreach ((string encoder, IReadOnlyList<int> positions) in encoders.Zip(shown))
        {
            string place = info.Description.Encoders.Count == 1 ? "" : $"{encoder}.";
            tensors[$"{place}shown_positions"] = tensor(positions.Select(position => (long)position).ToArray());
        }
    }

    // All that was computed, in the run's type, by the names that the README lists.
    private static Dictionary<string, Tensor> Tensors(
        LoadedModel model, PromptEncoding encoding, LensSite[] sites, LensRequest request, IReadOnlyList<LensImage> images)
    {
        Dictionary<string, Tensor> tensors = [];
        IReadOnlyList<EncoderStates> read = model.Lens.ReadWith(request.Text, encoding).Encoders;
        foreach ((EncoderDescription encoder, EncoderStates computed) in model.Model.Description.Encoders.Zip(read))
        {
            string place = read.Count == 1 ? "" : $"{encoder.Name}.";
            tensors[$"{place}input_ids"] = tensor(computed.Tokens.Ids.Select(id => (long)id).ToArray()).unsqueeze(0);
            for (int layer = 0; layer <= computed.LayerCount; layer++)
            {
                tensors[$"{place}hidden_states.{layer}"] = computed.States[layer];
            }
        }

        foreach (LensSite site in sites)
        {
            TextReads shown = model.Lens.Conditioning(encoding, site, request.Text);
            tensors[$"lens.{site.Layer}"] = model.Model.Join(shown);
            if (shown.Pooled is { } pooled)
            {
                tensors[$"pooled.{site.Layer}"] = pooled;
            }
        }

        foreach (ulong seed in request.Seeds)
        {
            tensors[$"latents.initial.seed{seed}"] = model.Model.InitialNoise(seed, model.Settings).to(model.Model.Placement.DType);
        }

        foreach (LensImage image in images)
        {
            tensors[$"latents.layer{image.Key.Site.Layer}.seed{image.Key.Seed}"] = image.Latents.unsqueeze(0);
            tensors[$"image.layer{image.Key.Site.Layer}.seed{image.Key.Seed}"] = image.Pixels;
        }

        return tensors;
    }
}
