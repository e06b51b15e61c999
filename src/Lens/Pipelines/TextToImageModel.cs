using System.Diagnostics;
using DiffusionLens.Families;
using DiffusionLens.Runtime;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// Text encoders, and a diffusion model that reads their states: what the lens needs of a model. Tensors that come back belong to the
/// caller's dispose scope; no gradients are kept.
/// </summary>
public abstract class TextToImageModel : IDisposable
{
    private protected TextToImageModel(ModelDescription description, Placement placement)
        => (Description, Placement) = (description, placement);

    /// <summary>Its encoders, and what its denoiser reads of them.</summary>
    public ModelDescription Description { get; }

    /// <summary>Where the model runs and in which type.</summary>
    public Placement Placement { get; }

    /// <summary>The deepest layer that the denoiser reads, of all text encoders.</summary>
    public int LayerCount => Description.LayerCount;

    /// <summary>Finds a weight in its files that is not finite: what to say where NaN or infinity arises.</summary>
    internal Func<string?> DamagedWeight { get; set; } = () => null;

    /// <summary>
    /// Whether only one of its networks is in memory at a time, so that it pays to encode many prompts before images are made and to make
    /// many images in one call.
    /// </summary>
    public virtual bool HoldsOneNetwork => false;

    /// <summary>Loads a folder as diffusers saves it; <c>model_index.json</c> says which family it is.</summary>
    /// <param name="folder">The folder, or one that holds those of a cascade (<see cref="ModelFamily.Open"/>).</param>
    /// <param name="options">Type, device, variant; null: float32 on the CPU.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or not supported; the message names it.</exception>
    public static TextToImageModel Load(string folder, LoadOptions? options = null) => Load([folder], options);

    /// <summary>Loads the folders of a cascade's stages.</summary>
    /// <param name="folders">That of the first stage, then those after it; one folder where there is no cascade.</param>
    /// <param name="options">Type, device, variant; null: float32 on the CPU.</param>
    /// <exception cref="BadInputException">A file is missing, damaged or not supported, or the folders do not belong together.</exception>
    public static TextToImageModel Load(IReadOnlyList<string> folders, LoadOptions? options = null)
        => ModelFamily.Load(folders, options ?? new LoadOptions());

    /// <summary>A text as each of the encoders reads it.</summary>
    public abstract IReadOnlyList<TokenizedPrompt> Tokenize(string text);

    /// <summary>
    /// The states of a text, of each encoder up to the deepest layer that is read of it, before any final norm, padding included.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="run">What is done otherwise, and what is looked at; null: the model's own states.</param>
    public abstract EncodedText Encode(string text, EncoderRun? run = null);

    /// <summary>ln_f of an encoder: <c>[..., width] → [..., width]</c>.</summary>
    /// <param name="encoder">Its index in <see cref="ModelDescription.Encoders"/>; it has a final norm.</param>
    /// <param name="state">Any of its states.</param>
    public abstract Tensor FinalNorm(int encoder, Tensor state);

    /// <summary>The states that the model itself reads of a text: what its own image is made from.</summary>
    /// <param name="text">Encoded by this model.</param>
    public TextReads NativeReads(EncodedText text)
        => new([.. Description.Reads.Select(read => Read(text, read))], Pooled(text, Description.PooledReads))
        {
            Rows = NativeRows(text),
        };

    /// <summary>What the rows of each of <see cref="NativeReads"/> are of.</summary>
    internal IReadOnlyList<ReadRows> NativeRows(EncodedText text)
        => [.. Description.Reads.Select(read => ReadRows.Of(text.Encoders[read.Encoder].Tokens, read))];

    /// <summary>What is read of a text as the family joins it for the denoiser: by channel, where it is several sequences.</summary>
    /// <param name="reads">Of one text.</param>
    /// <returns><c>[1, T, width]</c>.</returns>
    /// <exception cref="BadInputException">Sequences that stand side by side are not equally long.</exception>
    public virtual Tensor Join(TextReads reads) => reads.States is [Tensor only] ? only.alias() : SideBySide(reads.States);

    /// <summary>Joins what is read of a text and makes it ready for the denoiser.</summary>
    /// <param name="reads">Of one text.</param>
    public abstract TextConditioning Condition(TextReads reads);

    /// <summary>What the denoiser predicts about noisy latents, without guidance.</summary>
    /// <param name="latents"><c>[B, C, h, w]</c>, already scaled for the denoiser.</param>
    /// <param name="timestep">0..1000.</param>
    /// <param name="conditioning">The text, for all samples.</param>
    /// <returns><c>[B, C, h, w]</c>.</returns>
    public abstract Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning);

    /// <summary>A seed's starting noise, of unit size: the first draw of torch's CPU generator, on the CPU in float32.</summary>
    /// <param name="seed">Any of torch's seeds.</param>
    /// <param name="settings">Give the size, and a grid to round to.</param>
    /// <returns><c>[1, C, h, w]</c>.</returns>
    /// <exception cref="BadInputException">The model cannot make images of that size.</exception>
    public abstract Tensor InitialNoise(ulong seed, SamplerSettings settings);

    /// <summary>
    /// All draws of a seed that are rounded to <see cref="SamplerSettings.NoiseGrid"/>: <see cref="InitialNoise"/>, and a cascade's later
    /// ones.
    /// </summary>
    /// <param name="seed">Any of torch's seeds.</param>
    /// <param name="settings">Give the sizes, and a grid to round to.</param>
    /// <exception cref="BadInputException">The model cannot make images of that size.</exception>
    public virtual IReadOnlyList<Tensor> StartingNoises(ulong seed, SamplerSettings settings) => [InitialNoise(seed, settings)];

    /// <summary>Checks settings against this model.</summary>
    /// <param name="images">How many images are in a batch.</param>
    /// <param name="settings">How they are made.</param>
    /// <returns>How many times the denoiser (with a cascade, all stages' denoisers together) is called for the batch.</returns>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public abstract int Calls(int images, SamplerSettings settings);

    /// <summary>
    /// How many images are made together, 1 or more, in a fixed amount of memory: a matter of sizes alone, not of the machine.
    /// </summary>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public abstract int BatchSize(SamplerSettings settings);

    /// <summary>
    /// How many images of several prompts are made together: small models are fast in large batches alone. 1: prompts keep to themselves,
    /// since an image's last bits could depend on the others'.
    /// </summary>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    public int SharedBatchSize(SamplerSettings settings)
        => Kernels.Current.KeepsBitsInCompany(Placement) ? BatchSize(settings) : 1;

    /// <summary>Frees the weights.</summary>
    public abstract void Dispose();

    /// <summary>What guidance moves away from. A family may read negative prompts otherwise than prompts.</summary>
    /// <param name="negative">The negative prompt.</param>
    /// <param name="encoded">Encodes a text as prompts are.</param>
    internal virtual TextReads NegativeReads(string negative, Func<string, EncodedText> encoded) => NativeReads(encoded(negative));

    /// <summary>What guidance moves away from where no negative prompt is given: what is read of the empty one, in most families.</summary>
    /// <param name="empty">The empty prompt.</param>
    internal virtual TextReads ReadsWithoutNegative(EncodedText empty) => NativeReads(empty);

    /// <summary>The states at the given place, normed where the read is: <c>[1, positions read, width]</c>.</summary>
    /// <exception cref="BadInputException">NaN or infinity is in one.</exception>
    internal Tensor Read(EncodedText text, EncoderRead read)
    {
        EncoderStates encoder = text.Encoders[read.Encoder];
        using DisposeScope scope = NewDisposeScope();
        Tensor state = encoder.States[read.Layer];
        Tensor rows = read.Positions is ReadPositions.Written or ReadPositions.Kept
            ? state.index_select(1, tensor([.. read.PositionsIn(encoder.Tokens).Select(row => (long)row)], device: state.device))
            : state;
        Tensor shown = read.Normed ? FinalNorm(read.Encoder, rows) : rows.alias();
        return FiniteCheck.AreFinite(shown) ? shown.MoveToOuterDisposeScope() : throw NotFinite(text, read);
    }

    /// <summary>What is pooled at the given places, side by side, <c>[1, width]</c>; null where there are none.</summary>
    internal Tensor? Pooled(EncodedText text, IReadOnlyList<EncoderRead> reads)
    {
        if (reads.Count == 0)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = [.. reads.Select(read => Pool(read.Encoder, text.Encoders[read.Encoder].Tokens, Read(text, read)))];
        Tensor pooled = cat(parts, -1);
        return FiniteCheck.AreFinite(pooled) ? pooled.MoveToOuterDisposeScope() : throw NotFinite("the pooled vector");
    }

    /// <summary>An encoder's pooled vector: of the state at its pooled position, projected where the encoder has a projection.</summary>
    /// <param name="encoder">Its index in <see cref="ModelDescription.Encoders"/>; it is one that a vector is pooled of.</param>
    /// <param name="tokens">Say which position it is.</param>
    /// <param name="state">Of any layer, normed where the read is, <c>[1, T, width]</c>.</param>
    /// <returns><c>[1, width of the vector]</c>.</returns>
    private protected virtual Tensor Pool(int encoder, TokenizedPrompt tokens, Tensor state)
        => throw new NotSupportedException("A model that reads pooled vectors pools them.");

    /// <summary>
    /// Makes images, a batch at once. Every image has its own generator, so its noise does not depend on the others. A cascade takes all
    /// batches through one stage before the next.
    /// </summary>
    /// <param name="batches">Which, and which together.</param>
    /// <param name="settings">How.</param>
    /// <param name="progress">Told after each call of the denoiser.</param>
    /// <param name="cancellation">Heeded between calls of the denoiser and while decoding.</param>
    /// <returns>One for each request of the first batch, then of the next.</returns>
    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal abstract IReadOnlyList<LensImage> Generate(
        IReadOnlyList<ImageBatch> batches,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default);

    private protected SamplingLoop Loop(
        IReadOnlyList<ImageBatch> batches, SamplerSettings settings, IProgress<SamplingProgress>? progress, CancellationToken cancellation)
        => new(
            progress, batches.Sum(batch => Calls(batch.Requests.Count, settings)), cancellation, Placement.DType, () => DamagedWeight());

    /// <summary>How many tokens a prompt is read with.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="length">What is asked for.</param>
    /// <exception cref="BadInputException">No such number is read.</exception>
    internal int LengthOf(string prompt, TextLength length) => Description.LengthOf(Tokenize(prompt), length);

    /// <summary>A text as each of the encoders reads it, those whose length one may choose with so many tokens where it is given.</summary>
    internal IReadOnlyList<TokenizedPrompt> TokensOf(string text, int? length)
        => length is { } tokens ? Tokenize(text, tokens) : Tokenize(text);

    /// <summary>A text as each of the encoders reads it, those whose length one may choose with so many tokens.</summary>
    /// <exception cref="BadInputException">The family leaves no choice.</exception>
    private protected virtual IReadOnlyList<TokenizedPrompt> Tokenize(string text, int length)
        => throw new BadInputException($"length is {length}, but {Description.Family} reads texts of one length");

    /// <summary>The states of every encoder that a run is about; of others the tokens alone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="run">How.</param>
    /// <param name="states">Those of one encoder, by its index, the tokens and how many blocks are read.</param>
    private protected EncodedText Encoded(string text, EncoderRun? run, Func<int, TokenizedPrompt, EncoderRun, EncoderStates> states)
    {
        using Activity? activity = LensActivity.Start("encode");
        using IDisposable noGradients = no_grad();
        EncoderRun how = run ?? EncoderRun.Native;
        return new EncodedText(
        [
            .. TokensOf(text, how.Length).Select((tokens, encoder) => how.IsAbout(encoder)
                ? states(encoder, tokens, how)
                : new EncoderStates(tokens, [])),
        ]);
    }

    /// <summary>How many blocks of an encoder are run: those that something reads.</summary>
    private protected int BlocksOf(int encoder, EncoderRun run)
        => Math.Min(Description.DeepestOf(encoder), run.Blocks?[encoder] ?? int.MaxValue);

    /// <summary>Sequences joined by channel.</summary>
    /// <exception cref="BadInputException">They are not equally long.</exception>
    private protected static Tensor SideBySide(IReadOnlyList<Tensor> states)
        => states.DistinctBy(state => state.shape[1]).Count() == 1 ? cat([.. states], -1) : throw new BadInputException(
            $"sequences of {string.Join(" and ", states.Select(state => state.shape[1]))} rows cannot stand side by side; "
            + "leave out the same rows of all encoders: encoder: all");

    /// <summary>
    /// Which joined rows the denoiser is kept from attending to, <c>[1, S]</c> bool: those of padding alone. Null where it attends to all.
    /// </summary>
    private protected Tensor? Hidden(TextReads reads)
    {
        bool isMasked = reads.Handling.DenoiserMask == TextMask.Native
            ? Description.MasksPadding
            : reads.Handling.DenoiserMask == TextMask.On;
        if (!isMasked || reads.Rows is null)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = Flagged(reads, rows => [.. rows.Written.Select(isWritten => !isWritten)]);
        return hidden.logical_and(Flagged(reads, rows => rows.Written).logical_not()).MoveToOuterDisposeScope();
    }

    /// <summary>Which rows, when reads are joined, hold one that has a mark, <c>[1, S]</c> bool: marks are joined as states are.</summary>
    private protected Tensor Flagged(TextReads reads, Func<ReadRows, IReadOnlyList<bool>> marks)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scalar zero = 0;
        Tensor[] states = [.. reads.States.Zip(reads.Rows!, (state, rows) => Marks(marks(rows), state))];
        return Join(new TextReads(states)).ne(zero).any(-1).MoveToOuterDisposeScope();

        static Tensor Marks(IReadOnlyList<bool> marks, Tensor state)
            => tensor([.. marks.Select(isMarked => isMarked ? 1f : 0f)], device: state.device)
                .to(state.dtype).view(1, -1, 1).expand_as(state);
    }

    private BadInputException NotFinite(EncodedText text, EncoderRead read)
    {
        IReadOnlyList<Tensor> states = text.Encoders[read.Encoder].States;
        int first = Enumerable.Range(0, states.Count).FirstOrDefault(layer => !FiniteCheck.AreFinite(states[layer]), defaultValue: -1);
        string name = Description.Encoders[read.Encoder].Name;
        return NotFinite(first switch
        {
            < 0 => $"{name}, in its final norm",
            0 => $"{name}, in its embeddings (layer 0)",
            _ => $"{name}, in its block {first} (layer {first})",
        });
    }

    private BadInputException NotFinite(string place)
        => FiniteCheck.Error($"the text encoder: {place}", Placement.DType, DamagedWeight(), "compute in another type");
}
