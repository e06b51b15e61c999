using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// A text encoder with blocks 1..L and final norm ln_f, and a diffusion model that reads its states: what the lens needs of a model
/// family. Tensors that come back belong to the caller's dispose scope; no gradients are kept.
/// </summary>
public abstract class TextToImageModel : IDisposable
{
    private protected TextToImageModel(Placement placement) => Placement = placement;

    /// <summary>Where the model runs and in which type.</summary>
    public Placement Placement { get; }

    /// <summary>L: the number of blocks of the text encoder.</summary>
    public abstract int LayerCount { get; }

    /// <summary>
    /// Whether only one of its networks is in memory at a time, so that it pays to encode many prompts before images are made and to make
    /// many images in one call.
    /// </summary>
    public virtual bool HoldsOneNetwork => false;

    /// <summary>Loads a folder as diffusers saves it; <c>model_index.json</c> says which family it is.</summary>
    /// <param name="folder">The folder, or one that holds those of a cascade (<see cref="ModelFolder.OpenStages"/>).</param>
    /// <param name="options">Type, device, variant; null: float32 on the CPU.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or not supported; the message names it.</exception>
    public static TextToImageModel Load(string folder, LoadOptions? options = null) => Load([folder], options);

    /// <summary>Loads the folders of a cascade's stages.</summary>
    /// <param name="folders">That of the first stage, then those after it; one folder where there is no cascade.</param>
    /// <param name="options">Type, device, variant; null: float32 on the CPU.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or not supported, or the folders do not belong together.</exception>
    public static TextToImageModel Load(IReadOnlyList<string> folders, LoadOptions? options = null)
    {
        IReadOnlyList<ModelFolder> stages = ModelFolder.OpenStages(folders);
        return stages[0].PipelineClass == ModelFolder.StageI
            ? new DeepFloydIFPipeline(stages, options ?? new LoadOptions())
            : new StableDiffusionPipeline(stages[0], options ?? new LoadOptions());
    }

    /// <summary>A prompt as the text encoder reads it.</summary>
    public abstract TokenizedPrompt Tokenize(string prompt);

    /// <summary>h^0 ... h^L of prompts, each <c>[B, T, width]</c>, before ln_f, padding included.</summary>
    public abstract TextTrace Encode(IReadOnlyList<string> prompts);

    /// <summary>ln_f: <c>[..., width] → [..., width]</c>.</summary>
    public abstract Tensor FinalNorm(Tensor hiddenState);

    /// <summary>Makes a text encoder's state ready for the denoiser.</summary>
    /// <param name="hiddenState">Of one text, <c>[1, T, width]</c>.</param>
    public abstract TextConditioning Condition(Tensor hiddenState);

    /// <summary>What the denoiser predicts about noisy latents, without guidance.</summary>
    /// <param name="latents"><c>[B, C, h, w]</c>, already scaled for the denoiser.</param>
    /// <param name="timestep">0..1000.</param>
    /// <param name="conditioning">The text, for all samples.</param>
    /// <returns><c>[B, C, h, w]</c>.</returns>
    public abstract Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning);

    /// <summary>A seed's starting noise, of unit size: the first draw of torch's CPU generator, on the CPU in float32.</summary>
    /// <param name="seed">0 or more.</param>
    /// <param name="settings">Give the size, and a grid to round to.</param>
    /// <returns><c>[1, C, h, w]</c>.</returns>
    /// <exception cref="BadInputException">The model cannot make images of that size.</exception>
    public abstract Tensor InitialNoise(long seed, SamplerSettings settings);

    /// <summary>All draws of a seed that are rounded to <see cref="SamplerSettings.NoiseGrid"/>: <see cref="InitialNoise"/>, and a cascade's later ones.</summary>
    /// <param name="seed">0 or more.</param>
    /// <param name="settings">Give the sizes, and a grid to round to.</param>
    /// <exception cref="BadInputException">The model cannot make images of that size.</exception>
    public virtual IReadOnlyList<Tensor> StartingNoises(long seed, SamplerSettings settings) => [InitialNoise(seed, settings)];

    /// <summary>Checks settings against this model.</summary>
    /// <param name="images">How many images are in a batch.</param>
    /// <param name="settings">How they are made.</param>
    /// <returns>How many times the denoiser (with a cascade, all stages' denoisers together) is called for the batch.</returns>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public abstract int Calls(int images, SamplerSettings settings);

    /// <summary>How many images are made together, 1 or more, in a fixed amount of memory: a matter of sizes alone, not of the machine.</summary>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public abstract int BatchSize(SamplerSettings settings);

    /// <summary>
    /// Makes images, a batch at once. Every image has its own generator, so its noise does not depend on the others. A cascade takes all
    /// batches through one stage before the next.
    /// </summary>
    /// <param name="batches">Which, and which together.</param>
    /// <param name="settings">How.</param>
    /// <param name="onCall">Told after each call of the denoiser.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser and while decoding.</param>
    /// <returns>One for each request of the first batch, then of the next.</returns>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract IReadOnlyList<GeneratedImage> Generate(
        IReadOnlyList<ImageBatch> batches, SamplerSettings settings, Action? onCall = null, CancellationToken cancellation = default);

    /// <summary>Frees the weights.</summary>
    public abstract void Dispose();
}
