using DiffusionLens.Families;
using DiffusionLens.Pipelines;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>
/// The Diffusion Lens (arXiv 2403.05846). A text-to-image model makes its image as Diff(ln_f(h^L)), from the last of its text encoder's L
/// blocks; the lens stops after block l and makes Diff(ln_f(h^l)): all tokens, padding included, nothing trained. For any model, one that
/// reads several states or encoders: every read of layer i becomes a read of layer min(i, l)
/// (<see cref="ModelDescription.ReadsAt"/>), and at the deepest layer read the image is the model's own, bit for bit. Every layer
/// of a prompt starts from the same noise, and the negative prompt is always read as the model reads it, so that what changes between
/// images is the site alone.
/// </summary>
public sealed class Lens
{
    private readonly TextToImageModel _model;

    /// <summary>A lens on a model, which stays the caller's.</summary>
    public Lens(TextToImageModel model) => _model = model;

    /// <summary>Every <paramref name="step"/>-th layer counted back from the last, rising: 12 layers by 5 are 2, 7, 12.</summary>
    /// <param name="layerCount">L.</param>
    /// <param name="step">1 or more; with 1, all layers, 0 (the embeddings) included.</param>
    public static IReadOnlyList<int> EveryCountedBack(int layerCount, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layerCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        return [.. Enumerable.Range(0, layerCount + 1).Where(layer => (layerCount - layer) % step == 0)];
    }

    /// <summary>Encodes a prompt once for all sites, and the other side of the guidance.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="negative">
    /// What to move away from; by default the empty prompt; null: none, where some families have zeros in its place or no guidance.
    /// </param>
    public PromptEncoding Encode(string prompt, string? negative = "") => Encode([prompt], negative)[0];

    /// <summary>Encodes prompts, each by itself, and the other side of their guidance.</summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="negative">
    /// What to move away from; by default the empty prompt; null: none, where some families have zeros in its place or no guidance.
    /// </param>
    /// <param name="cancellation">Heeded between prompts.</param>
    /// <returns>One for each prompt.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<PromptEncoding> Encode(
        IReadOnlyList<string> prompts, string? negative = "", CancellationToken cancellation = default)
        => Encode(prompts, [], negative, cancellation);

    /// <summary>
    /// Encodes prompts, each by itself, the other side of their guidance, and whatever else some sites need of the encoders, so that these
    /// need not come back into memory. What is not foreseen here is encoded when it is needed.
    /// </summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="sites">Where one is going to look, in each of the prompts.</param>
    /// <param name="negative">
    /// What to move away from; by default the empty prompt; null: none, where some families have zeros in its place.
    /// </param>
    /// <param name="cancellation">Heeded between texts.</param>
    /// <returns>One for each prompt.</returns>
    /// <exception cref="BadInputException">The model cannot look there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<PromptEncoding> Encode(
        IReadOnlyList<string> prompts,
        IReadOnlyList<LensSite> sites,
        string? negative = "",
        CancellationToken cancellation = default)
        => Encode(
            prompts,
            prompt => sites.Distinct().Select(site => new SiteTexts(_model, prompt, site, TextMask.Native)),
            negative,
            length: null,
            keepsAllLayers: true,
            cancellation);

    /// <summary>
    /// The same for images of any prompts, each with what its own images need: blocks above the deepest that one of them reads are not run,
    /// so that <see cref="PromptEncoding.Encoders"/> has fewer states.
    /// </summary>
    /// <param name="images">Which are going to be made.</param>
    /// <param name="negative">
    /// What to move away from; by default the empty prompt; null: none, where some families have zeros in its place.
    /// </param>
    /// <param name="cancellation">Heeded between texts.</param>
    /// <returns>One for each different prompt, in the order of its first image.</returns>
    /// <exception cref="BadInputException">The model cannot look where an image is to.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<PromptEncoding> Encode(
        IReadOnlyList<ImageKey> images, string? negative = "", CancellationToken cancellation = default)
        => Encode(images, negative, keepsAllLayers: false, cancellation);

    /// <summary>The same, perhaps with all layers of the prompts.</summary>
    internal IReadOnlyList<PromptEncoding> Encode(
        IReadOnlyList<ImageKey> images, string? negative, bool keepsAllLayers, CancellationToken cancellation)
    {
        foreach (ImageKey image in images.DistinctBy(image => (image.Site, image.Handling)))
        {
            _model.Description.RequireHandling(image.Site, image.Handling);
        }

        ILookup<(string, int?), ImageKey> alike = images.ToLookup(image => (image.Prompt, LengthOf(image)));
        string[] prompts = [.. images.Select(image => image.Prompt).Distinct()];
        IReadOnlyList<PromptEncoding> encodings = Encode(
            prompts, prompt => TextsOf(alike[(prompt, null)], length: null), negative, length: null, keepsAllLayers, cancellation);
        foreach (PromptEncoding encoding in encodings)
        {
            foreach (int asked in alike.Where(some => some.Key.Item1 == encoding.Prompt).Select(some => some.Key.Item2).OfType<int>())
            {
                encoding.WithLength(asked, length => OfLength(encoding.Prompt, length));
            }
        }

        return encodings;

        PromptEncoding OfLength(string prompt, int length)
            => Encode([prompt], _ => TextsOf(alike[(prompt, length)], length), negative, length, keepsAllLayers, cancellation)[0];
    }

    /// <summary>ln_f(h^l), or what else the site says: what the denoiser gets in place of ln_f(h^L).</summary>
    /// <param name="encoding">The prompt.</param>
    /// <param name="site">Where to look.</param>
    /// <param name="handling">What is done to masks, length and padding; null: as the model's own pipeline has it.</param>
    /// <returns>What stands for each of the model's reads; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model has no such place or cannot do it, or a word is not the prompt's.</exception>
    public TextReads Conditioning(PromptEncoding encoding, LensSite site, TextHandling? handling = null)
    {
        TextHandling how = handling ?? TextHandling.Native;
        _model.Description.RequireHandling(site, how);
        PromptEncoding read = ReadWith(how, encoding);
        return new HandledRows(_model, read.Empty, how).Of(new SiteReading(_model, read, site, how.EncoderMask).Read());
    }

    /// <summary>
    /// A prompt's images in the batches that fit a fixed amount of memory, all but the last full: sites and seeds share them. An image
    /// depends on its key; on its company in the batch only by rounding (a few 1e-6 in float32). The batches of the same sites and seeds
    /// are always the same, so images that are computed in them have the same bits each time.
    /// </summary>
    /// <param name="prompt">The text.</param>
    /// <param name="sites">Where to look.</param>
    /// <param name="seeds">Which noises.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="handling">What is done to masks, length and padding in all of them; null: as the model's own pipeline has it.</param>
    /// <returns>All seeds of the first site, then of the next.</returns>
    /// <exception cref="BadInputException">The model cannot work with the settings.</exception>
    public IReadOnlyList<IReadOnlyList<ImageKey>> Batches(
        string prompt,
        IReadOnlyList<LensSite> sites,
        IReadOnlyList<ulong> seeds,
        SamplerSettings settings,
        TextHandling? handling = null)
    {
        return [.. sites.SelectMany(site => seeds.Select(seed => Key(site, seed))).Chunk(_model.BatchSize(settings))];

        ImageKey Key(LensSite site, ulong seed) => new(prompt, site, seed) { Handling = handling ?? TextHandling.Native };
    }

    /// <summary>Diff(ln_f(h^l)) for every site and seed of a prompt, in the batches of <see cref="Batches"/>.</summary>
    /// <param name="encoding">The prompt.</param>
    /// <param name="sites">Where to look.</param>
    /// <param name="seeds">Which noises.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="progress">Told how many calls of the denoiser are done, and of how many.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser.</param>
    /// <returns>All seeds of the first site, then of the next; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model has no such layer, or cannot work with the settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LensImage> Images(
        PromptEncoding encoding,
        IReadOnlyList<LensSite> sites,
        IReadOnlyList<ulong> seeds,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        IEnumerable<IReadOnlyList<ImageKey>> batches = Batches(encoding.Prompt, sites, seeds, settings);
        return Images([.. batches.Select(images => new PromptBatch(encoding, images))], settings, progress, cancellation);
    }

    /// <summary>
    /// Diff(ln_f(h^l)), batch by batch; small ones that follow one another go as one (<see cref="TextToImageModel.SharedBatchSize"/>). A
    /// cascade takes all batches through one stage before the next.
    /// </summary>
    /// <param name="batches">Which images, and which together; perhaps of several prompts.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="progress">Told how many calls of the denoiser are done, and of how many.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser.</param>
    /// <returns>The images of the first batch, then of the next; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model has no such layer, or cannot work with the settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LensImage> Images(
        IReadOnlyList<PromptBatch> batches,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
        => _model.Generate(
            ImageBatch.Shared(batches.Select(Prepared), _model.SharedBatchSize(settings)), settings, progress, cancellation);

    /// <summary>
    /// Images from states of the caller's own, in place of what a site shows: for places that no <see cref="LensSite"/> names.
    /// </summary>
    /// <param name="encoding">The prompt, for the other side of the guidance.</param>
    /// <param name="states">
    /// What the denoiser gets: of each read of the model the states, normed where the read is. Where they do not say what
    /// their rows are of, these are the prompt's.
    /// </param>
    /// <param name="seeds">Which noises.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser.</param>
    /// <returns>For each seed the pixels, <c>[3, H, W]</c>, 0..1; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model cannot work with the settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Tensor> Images(
        PromptEncoding encoding,
        TextReads states,
        IReadOnlyList<ulong> seeds,
        SamplerSettings settings,
        CancellationToken cancellation = default)
    {
        using TextConditioning conditioning = _model.Condition(states with { Rows = states.Rows ?? _model.NativeRows(encoding.Text) });
        TextConditioning negative = encoding.OfNegative(TextHandling.Native, _model.Condition);
        LensSite nowhere = new(Layer: 0);
        ImageBatch[] batches =
        [
            .. seeds.Select(seed => new ImageRequest(new ImageKey(encoding.Prompt, nowhere, seed), conditioning, negative))
                .Chunk(_model.BatchSize(settings))
                .Select(requests => new ImageBatch(requests)),
        ];
        return [.. _model.Generate(batches, settings, cancellation: cancellation).Select(image => image.Pixels)];
    }

    private IReadOnlyList<PromptEncoding> Encode(
        IReadOnlyList<string> prompts,
        Func<string, IEnumerable<SiteTexts>> sites,
        string? negative,
        int? length,
        bool keepsAllLayers,
        CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, TextNeed[]> needs = prompts.Distinct()
            .ToDictionary(prompt => prompt, prompt => sites(prompt).SelectMany(site => site.Needed()).ToArray());
        TextBook book = new(_model, needs, length, cancellation)
        {
            ReadsAllLayers = text => keepsAllLayers || text == "" || text == negative,
        };
        TextReads unconditional = negative is null
            ? _model.ReadsWithoutNegative(book.Native(""))
            : _model.NegativeReads(negative, book.Native);
        return [.. prompts.Select(prompt => book.Encoding(prompt, unconditional, negative))];
    }

    /// <summary>What images of the same prompt and length need of the encoders, each once.</summary>
    private IEnumerable<SiteTexts> TextsOf(IEnumerable<ImageKey> images, int? length)
        => images.DistinctBy(image => (image.Site, image.Handling.EncoderMask))
            .Select(image => new SiteTexts(_model, image.Prompt, image.Site, image.Handling.EncoderMask, length));

    /// <summary>How many tokens an image's texts are read with; null: as many as the model was loaded for.</summary>
    private int? LengthOf(ImageKey image) => image.Handling.Length is { } asked ? _model.LengthOf(image.Prompt, asked) : null;

    /// <summary>A prompt with as many tokens as it is to be read with.</summary>
    internal PromptEncoding ReadWith(TextHandling handling, PromptEncoding encoding) => handling.Length is { } asked
        ? encoding.WithLength(
            _model.LengthOf(encoding.Prompt, asked),
            length => Encode(
                [encoding.Prompt], _ => [], encoding.NegativePrompt, length, keepsAllLayers: true, CancellationToken.None)[0])
        : encoding;

    private ImageBatch Prepared(PromptBatch batch)
    {
        PromptEncoding encoding = batch.Encoding;
        return new ImageBatch([.. batch.Images.Select(Request)]);

        ImageRequest Request(ImageKey image) => image.Prompt == encoding.Prompt
            ? new ImageRequest(image, encoding.At(image.Site, image.Handling, Conditioned), Unconditional(image.Handling))
            : throw new ArgumentException($"An image of '{image.Prompt}' is no image of '{encoding.Prompt}'.", nameof(batch));

        TextConditioning Unconditional(TextHandling handling) => ReadWith(handling, encoding).OfNegative(handling, _model.Condition);

        TextConditioning Conditioned(LensSite site, TextHandling handling)
        {
            using DisposeScope scope = NewDisposeScope();
            return _model.Condition(Conditioning(encoding, site, handling));
        }
    }
}
