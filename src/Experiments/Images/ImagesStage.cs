using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using Experiments.Files;
using Experiments.Plans;
using Experiments.Results;
using TorchSharp;

namespace Experiments.Images;

/// <summary>
/// The stage that makes the plan's images: those that are not there, or were made otherwise. Images are always computed in the same
/// company (as many layers of a prompt, with all seeds, as go into a batch), so a run that was interrupted and goes on ends with the bytes
/// of one that was not. Several prompts share a batch only where that changes no bit (<see cref="ImageGenerator.SharedBatch"/>).
/// </summary>
internal static class ImagesStage
{
    // Waiting for the disk takes milliseconds a file; what a power cut costs is so many images at most.
    private const int FlushedTogether = 64;

    /// <summary>Makes what is missing. Each image is written whole; what was made is kept, also when the run is cancelled.</summary>
    /// <param name="plan">The images to have.</param>
    /// <param name="recipe">How they are made.</param>
    /// <param name="generator">Makes them; asked for only when one is missing, as loading a model takes time.</param>
    /// <param name="force">Make all again.</param>
    /// <param name="onProgress">Told how many images there are; a fraction while some are being made.</param>
    /// <param name="cancellation">Stops within a step of the sampler.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ImagesOutcome Run(
        Plan plan,
        ImageRecipe recipe,
        ResultsFolder folder,
        Func<ImageGenerator> generator,
        bool force = false,
        Action<double>? onProgress = null,
        CancellationToken cancellation = default)
    {
        Dictionary<PlannedImage, ImageStatus> missing = Missing(plan, recipe, folder, force, cancellation);
        int kept = plan.ImageCount - missing.Count, written = 0;
        onProgress?.Invoke(kept);
        if (missing.Count == 0)
        {
            return new ImagesOutcome(kept, Made: 0, Replaced: 0);
        }

        ImageGenerator loaded = generator();
        List<string> unflushed = [];
        Batch[] batches = [.. plan.Prompts.SelectMany(BatchesOf).Where(batch => Wanted(batch) > 0)];
        try
        {
            MakeAll();
        }
        catch
        {
            TryFlush();
            throw;
        }

        Flush();

        string[] damaged =
        [
            .. missing.Where(image => image.Value.Damage is not null).Select(image => $"{image.Key.Path} {image.Value.Damage}"),
        ];
        int replaced = missing.Values.Count(there => there is not { Label: null, Damage: null });
        return new ImagesOutcome(kept, written - replaced, replaced) { Damaged = damaged };

        // What cut it off is what is told.
        void TryFlush()
        {
            try
            {
                Flush();
            }
            catch (IOException)
            {
            }
        }

        void Flush()
        {
            using Activity? activity = LensActivity.Start("flush");
            AtomicFile.Flush(unflushed);
        }

        void MakeAll()
        {
            foreach (PlannedPrompt[] prepared in batches.Select(batch => batch.Prompt).Distinct().Chunk(loaded.PreparedAhead))
            {
                cancellation.ThrowIfCancellationRequested();
                loaded.Prepare([.. prepared.SelectMany(prompt => KeysOf(prompt, plan))], cancellation);
                foreach (PlannedPrompt[] together in prepared.Chunk(loaded.MadeTogether ?? prepared.Length))
                {
                    Batch[] theirs = [.. batches.Where(batch => together.Contains(batch.Prompt))];
                    foreach (Batch[] some in loaded.MadeTogether is null ? Shared(theirs) : [theirs])
                    {
                        Make(some);
                    }
                }
            }
        }

        IEnumerable<Batch[]> Shared(Batch[] theirs) => BatchLimit.Together(theirs, batch => batch.Images.Count, loaded.SharedBatch);

        IEnumerable<Batch> BatchesOf(PlannedPrompt prompt)
        {
            LensSite[] sites = [.. prompt.Sites.SelectMany(site => plan.Layers.Select(site.At))];
            return loaded.Batches(prompt.Text, sites, plan.Seeds, prompt.Handling).Select(images => new Batch(prompt, images));
        }

        int Wanted(Batch batch) => batch.Planned.Count(missing.ContainsKey);

        void Make(Batch[] some)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = torch.NewDisposeScope();
            int before = kept + written, wanted = some.Sum(Wanted);
            IReadOnlyList<LensImage> made = loaded.Make(
                [.. some.Select(batch => batch.Images)], fraction => onProgress?.Invoke(before + (fraction * wanted)), cancellation);
            foreach ((PlannedImage image, LensImage one) in some.SelectMany(batch => batch.Planned).Zip(made))
            {
                if (missing.ContainsKey(image))
                {
                    using Activity? activity = LensActivity.Start("write");
                    string file = folder.In(image.Path);
                    ImageFile.Write(file, one.Pixels, recipe.IdentityOf(image));
                    unflushed.Add(file);
                }
            }

            if (unflushed.Count >= FlushedTogether)
            {
                Flush();
                unflushed.Clear();
            }

            written += wanted;
            onProgress?.Invoke(kept + written);
        }
    }

    /// <summary>How many of the plan's images are not there as the recipe has them.</summary>
    /// <param name="recipe">How they are made.</param>
    public static int MissingCount(Plan plan, ImageRecipe recipe, ResultsFolder folder) =>
        Missing(plan, recipe, folder, force: false, CancellationToken.None).Count;

    // What is missing, each with what is there in its stead. All that is there is read whole, which takes a core milliseconds an image.
    private static Dictionary<PlannedImage, ImageStatus> Missing(
        Plan plan, ImageRecipe recipe, ResultsFolder folder, bool force, CancellationToken cancellation)
    {
        using Activity? activity = LensActivity.Start("check");
        return plan.Images.AsParallel().AsOrdered().WithCancellation(cancellation)
            .Select(image => (Image: image, There: ImageFile.StatusOf(folder.In(image.Path))))
            .Where(image => force || image.There.Label?.Identity != recipe.IdentityOf(image.Image))
            .ToDictionary(image => image.Image, image => image.There);
    }

    private static IEnumerable<ImageKey> KeysOf(PlannedPrompt prompt, Plan plan) =>
        plan.RowsOf(prompt).SelectMany(row => plan.Layers.Select(layer => row.At(layer).Key));

    private sealed record Batch(PlannedPrompt Prompt, IReadOnlyList<ImageKey> Images)
    {
        public IEnumerable<PlannedImage> Planned => Images.Select(image => new PlannedImage(Prompt, image.Site, image.Seed));
    }
}
