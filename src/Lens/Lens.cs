using DiffusionLens.Pipelines;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens;

/// <summary>
/// The Diffusion Lens (arXiv 2403.05846). A text-to-image model makes its image as Diff(ln_f(h^L)), from the last of its text encoder's L
/// blocks; the lens stops after block l and makes Diff(ln_f(h^l)): all tokens, padding included, nothing trained. Every layer of a prompt
/// starts from the same noise, and the negative prompt is always encoded in full, so that what changes between images is the layer alone.
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

    /// <summary>Encodes a prompt once for all layers, and the other side of the guidance.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="negative">What to move away from; by default nothing in particular.</param>
    public LensEncoding Encode(string prompt, string negative = "") => Encode([prompt], negative)[0];

    /// <summary>Encodes prompts, each by itself, and the other side of their guidance.</summary>
    /// <param name="prompts">The texts.</param>
    /// <param name="negative">What to move away from; by default nothing in particular.</param>
    /// <param name="cancellation">Heeded between prompts.</param>
    /// <returns>One for each prompt.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LensEncoding> Encode(IReadOnlyList<string> prompts, string negative = "", CancellationToken cancellation = default)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor unconditional = _model.FinalNorm(_model.Encode([negative]).HiddenStates[^1]);
        List<(TokenizedPrompt Prompt, TextTrace Trace, Tensor Unconditional)> encoded = [];
        foreach (string prompt in prompts)
        {
            cancellation.ThrowIfCancellationRequested();
            encoded.Add((_model.Tokenize(prompt), _model.Encode([prompt]), unconditional.clone()));
        }

        scope.Detach([.. encoded.SelectMany(one => one.Trace.HiddenStates.Append(one.Unconditional))]);
        return [.. encoded.Select(one => new LensEncoding(one.Prompt, one.Trace, one.Unconditional))];
    }

    /// <summary>ln_f(h^l), or h^l itself: what the denoiser gets in place of ln_f(h^L).</summary>
    /// <returns><c>[1, T, width]</c>, all tokens.</returns>
    /// <exception cref="BadInputException">The model has no such layer.</exception>
    public Tensor Conditioning(LensEncoding encoding, LensSite site)
    {
        if (site.Layer < 0 || site.Layer > encoding.Trace.LayerCount)
        {
            throw new BadInputException($"layer is {site.Layer}; this model has layers 0 to {encoding.Trace.LayerCount}");
        }

        Tensor state = encoding.Trace.HiddenStates[site.Layer];
        return site.FinalNorm ? _model.FinalNorm(state) : state.alias();
    }

    /// <summary>
    /// Diff(ln_f(h^l)) for every site and seed: one batch, split where it would not fit a fixed amount of memory. An image depends on its
    /// site and seed; on its company in the batch only by rounding (a few 1e-6 in float32), so ask for the same sites and seeds together
    /// where the same bits are wanted.
    /// </summary>
    /// <param name="encoding">The prompt.</param>
    /// <param name="sites">Where to look.</param>
    /// <param name="seeds">Which noises, 0 or more each.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="onStep">Told how many calls of the denoiser are done, and of how many.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser.</param>
    /// <returns>All seeds of the first site, then of the next; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model has no such layer, or cannot work with the settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LensImage> Images(
        LensEncoding encoding,
        IReadOnlyList<LensSite> sites,
        IReadOnlyList<long> seeds,
        SamplerSettings settings,
        Action<int, int>? onStep = null,
        CancellationToken cancellation = default)
        => Images([(encoding, sites)], seeds, settings, onStep, cancellation)[0];

    /// <summary>
    /// The same for several prompts, whose images are in no batch together: a cascade takes them all through one stage before the next.
    /// </summary>
    /// <param name="prompts">The prompts, and where to look into each.</param>
    /// <param name="seeds">Which noises, 0 or more each.</param>
    /// <param name="settings">How images are made.</param>
    /// <param name="onStep">Told how many calls of the denoiser are done, and of how many.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser.</param>
    /// <returns>The images of each prompt; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="BadInputException">The model has no such layer, or cannot work with the settings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<LensImage>> Images(
        IReadOnlyList<(LensEncoding Encoding, IReadOnlyList<LensSite> Sites)> prompts,
        IReadOnlyList<long> seeds,
        SamplerSettings settings,
        Action<int, int>? onStep = null,
        CancellationToken cancellation = default)
    {
        int atOnce = _model.BatchSize(settings), done = 0;
        (LensSite Site, long Seed)[][][] batches =
            [.. prompts.Select(prompt => prompt.Sites.SelectMany(site => seeds.Select(seed => (site, seed))).Chunk(atOnce).ToArray())];
        int all = batches.SelectMany(ofPrompt => ofPrompt).Sum(batch => _model.Calls(batch.Length, settings));
        IReadOnlyList<GeneratedImage> made = _model.Generate(
            [.. prompts.Zip(batches).SelectMany(pair => pair.Second.Select(batch => Batch(pair.First.Encoding, batch)))],
            settings,
            () => onStep?.Invoke(++done, all),
            cancellation);
        Queue<GeneratedImage> images = new(made);
        return [.. batches.Select(ofPrompt => ofPrompt.SelectMany(batch => batch).Select(image => Named(image, images.Dequeue())).ToArray())];

        static LensImage Named((LensSite Site, long Seed) of, GeneratedImage made) => new(of.Site, of.Seed, made.Latents, made.Pixels);
    }

    private ImageBatch Batch(LensEncoding encoding, (LensSite Site, long Seed)[] images)
    {
        return new([.. images.Select(image => new ImageRequest(encoding.At(image.Site, Prepared), image.Seed))], encoding.OfNegative(_model.Condition));

        TextConditioning Prepared(LensSite site)
        {
            using Tensor state = Conditioning(encoding, site);
            return _model.Condition(state);
        }
    }
}
