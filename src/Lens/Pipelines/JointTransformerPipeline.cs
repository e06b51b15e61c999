using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Families;
using DiffusionLens.Layers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// What the pipelines of transformers share: text encoders that are freed before the denoiser is loaded, a transformer that reads their
/// states (jointly with the image, or by cross-attention), perhaps beside pooled vectors, an autoencoder. Only the encoders or only the
/// denoiser are in memory, so encode all prompts before images are made, and make many images in one call. Not for use from several
/// threads at once.
/// </summary>
internal abstract class JointTransformerPipeline : TextToImageModel
{
    /// <summary>
    /// Values that live at once in a block, for each token and channel: queries, keys, values and what is made of them, and the
    /// feed-forward layer, four times as wide.
    /// </summary>
    private const long ValuesPerChannel = 16;

    private readonly IReadOnlyList<PromptEncoder> _encoders;
    private readonly LazyNetwork<Autoencoder> _autoencoder;
    private readonly Placement _autoencoderPlacement;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    private protected JointTransformerPipeline(
        ModelDescription description,
        Placement placement,
        IReadOnlyList<PromptEncoder> encoders,
        LazyNetwork<Autoencoder> autoencoder,
        Placement autoencoderPlacement)
        : base(description, placement)
        => (_encoders, _autoencoder, _autoencoderPlacement) = (encoders, autoencoder, autoencoderPlacement);

    /// <inheritdoc/>
    public override bool HoldsOneNetwork => true;

    /// <summary>Samplers lose too much in half precision.</summary>
    private protected ScalarType SamplerType => Placement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <inheritdoc/>
    public override IReadOnlyList<TokenizedPrompt> Tokenize(string text) => [.. _encoders.Select(encoder => encoder.Tokenize(text))];

    private protected override IReadOnlyList<TokenizedPrompt> Tokenize(string text, int length)
        => [.. _encoders.Select((encoder, index)
            => Description.HasFreeLength(index) ? encoder.Tokenize(text, length) : encoder.Tokenize(text))];

    /// <inheritdoc/>
    public override EncodedText Encode(string text, EncoderRun? run = null)
    {
        _autoencoder.Free();
        FreeDenoiser();
        return Encoded(
            text, run, (encoder, tokens, how) => _encoders[encoder].Encode(tokens, BlocksOf(encoder, how), how));
    }

    /// <summary>The states of texts that were tokenized otherwise than prompts are, one for each encoder.</summary>
    private protected EncodedText Encode(IReadOnlyList<TokenizedPrompt> texts)
    {
        using IDisposable noGradients = no_grad();
        _autoencoder.Free();
        FreeDenoiser();
        return new EncodedText(
            [.. texts.Select((text, encoder) => _encoders[encoder].Encode(text, Description.DeepestOf(encoder), EncoderRun.Native))]);
    }

    /// <inheritdoc/>
    public override Tensor FinalNorm(int encoder, Tensor state)
    {
        using IDisposable noGradients = no_grad();
        return _encoders[encoder].FinalNorm(state);
    }

    /// <inheritdoc/>
    public override TextConditioning Condition(TextReads reads)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return new JointText(Placed(Join(reads)), reads.Pooled is { } pooled ? Placed(pooled) : null)
        {
            Hidden = Hidden(reads)?.to(Placement.Device, copy: true),
            Set = SetRowsOf(reads, Placed),
            Positions = reads.Handling.Positions == RowPositions.Kept ? reads.Rows?[0].Positions : null,
        };

        Tensor Placed(Tensor read) => read.to(Placement.DType, Placement.Device, copy: true);
    }

    /// <inheritdoc/>
    public override Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        FreeEncoders();
        JointTextBatch text = TextOf([conditioning], new long[latents.shape[0]]);
        return Denoised(latents, timestep, text, Description.DefaultGuidance).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor InitialNoise(ulong seed, SamplerSettings settings)
    {
        using Noise noise = new(seed);
        return FirstDraw(noise, settings);
    }

    /// <inheritdoc/>
    public override int Calls(int images, SamplerSettings settings)
    {
        using Scheduler scheduler = CreateScheduler(settings);
        return scheduler.Timesteps.Count;
    }

    /// <inheritdoc/>
    public override int BatchSize(SamplerSettings settings)
        => BatchLimit.Of(TokensOf(DrawnShape(settings)) * Width * ValuesPerChannel * (IsGuided(settings) ? 2 : 1), Placement);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (PromptEncoder encoder in _encoders)
        {
            encoder.Dispose();
        }

        FreeDenoiser();
        _autoencoder.Dispose();
    }

    internal override IReadOnlyList<LensImage> Generate(
        IReadOnlyList<ImageBatch> batches,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using IDisposable noGradients = no_grad();
        SamplingLoop loop = Loop(batches, settings, progress, cancellation);
        FreeEncoders();
        return [.. batches.SelectMany(batch => Generate(batch, settings, loop, cancellation))];
    }

    /// <summary>Width of the denoiser's tokens.</summary>
    private protected abstract int Width { get; }

    /// <summary>What is added to the scores of the text's rows that are not attended to.</summary>
    private protected virtual double HiddenScore => double.NegativeInfinity;

    /// <summary>One image's latents, <c>[1, C, h, w]</c>.</summary>
    /// <exception cref="BadInputException">The model cannot make images of that size.</exception>
    private protected abstract long[] LatentShape(SamplerSettings settings);

    /// <summary>How many tokens the denoiser sees of an image of such latents and a text.</summary>
    private protected abstract long TokensOf(long[] latents);

    /// <exception cref="BadInputException">The settings do not fit this model.</exception>
    private protected abstract Scheduler SchedulerFor(SamplerSettings settings, long[] latents);

    /// <summary>The text's states as the denoiser's tokens: <c>[B, S, text width] → [B, S, width]</c>.</summary>
    private protected abstract Tensor ProjectText(Tensor states);

    /// <summary>The denoiser's prediction for latents <c>[B, C, h, w]</c>, in its own type, without guidance by a second one.</summary>
    private protected abstract Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance);

    private protected abstract void FreeDenoiser();

    private protected bool IsGuided(SamplerSettings settings) => Description.IsGuided(settings);

    /// <summary>The texts of a batch, ready for the denoiser.</summary>
    /// <param name="texts">Each once.</param>
    /// <param name="rows">Which of them each sample has.</param>
    private protected virtual JointTextBatch TextOf(IReadOnlyList<TextConditioning> texts, long[] rows)
    {
        IReadOnlyList<SampleGroup<JointTextBatch>> groups = SampleGroups.Of(
            [.. texts.Cast<JointText>()], rows, text => text.LayoutOf, AlikeTextOf);
        return groups.Count == 1 ? groups[0].Text : new MixedTextBatch(groups);
    }

    /// <summary>The same of texts that can go through the denoiser together.</summary>
    private JointTextBatch AlikeTextOf(IReadOnlyList<JointText> texts, long[] rows)
    {
        Tensor picked = tensor(rows, device: Placement.Device);
        Tensor own = ProjectText(cat([.. texts.Select(text => text.States)], 0));
        Tensor tokens = HeldRowsOf(texts, own, _ => true)?.SetIn(own) ?? own;
        HeldRows? held = HeldRowsOf(texts, own, set => set.At == PaddingRowsAt.EveryBlock);
        Tensor? pooled = texts[0].Pooled is null ? null : cat([.. texts.Select(text => text.Pooled!)], 0).index_select(0, picked);
        return new JointTextBatch(tokens.index_select(0, picked), pooled)
        {
            Rows = new TextRowSettings
            {
                Held = held is null ? null : new HeldRows(held.Where.index_select(0, picked), held.Rows.index_select(0, picked)),
                Mask = texts[0].Hidden is null ? null : KeyMask.Of(
                    cat([.. texts.Select(text => text.Hidden!)], 0).index_select(0, picked), HiddenScore, Placement.DType),
            },
            Positions = texts[0].Positions,
        };
    }

    /// <summary>What rows are set to inside the denoiser, a row a text; null where none is.</summary>
    /// <param name="texts">Equally long.</param>
    /// <param name="own">Their own rows, <c>[texts, S, width]</c>.</param>
    /// <param name="isMeant">Which of the texts' settings.</param>
    private HeldRows? HeldRowsOf(IReadOnlyList<JointText> texts, Tensor own, Func<JointText.SetRows, bool> isMeant)
    {
        JointText.SetRows?[] sets = [.. texts.Select(text => text.Set is { } set && isMeant(set) ? set : null)];
        if (sets.All(set => set is null))
        {
            return null;
        }

        Tensor none = zeros(1, own.shape[1], 1, ScalarType.Bool, own.device);
        return new HeldRows(cat([.. sets.Select(set => set?.Where ?? none)], 0), cat([.. sets.Select(RowsOf)], 0));

        Tensor RowsOf(JointText.SetRows? set, int text) => set switch
        {
            { To: PaddingRows.Zero } => zeros_like(own.narrow(0, text, 1)),
            { To: PaddingRows.Empty } => ProjectText(set.States!),
            _ => own.narrow(0, text, 1),
        };
    }

    /// <summary>Which joined rows are set inside the denoiser; null where none is.</summary>
    private JointText.SetRows? SetRowsOf(TextReads reads, Func<Tensor, Tensor> placed)
    {
        TextHandling handling = reads.Handling;
        if (handling.PaddingRows is PaddingRows.Native or PaddingRows.Cut || handling.PaddingRowsAt == PaddingRowsAt.Input)
        {
            return null;
        }

        Tensor where = Flagged(reads, rows => rows.Padding).unsqueeze(2).to(Placement.Device, copy: true);
        return new JointText.SetRows(
            handling, where, reads.Replacement is { } states ? placed(Join(reads with { States = states })) : null);
    }

    /// <summary>
    /// The prediction for samples, where there is guidance of twice as many texts: first the negative ones, then their own.
    /// </summary>
    private protected virtual Tensor Guided(Tensor sample, double timestep, JointTextBatch text, SamplerSettings settings)
    {
        if (!IsGuided(settings))
        {
            return Denoised(sample, timestep, text, settings.Guidance);
        }

        Tensor[] both = Denoised(cat([sample, sample], 0), timestep, text, settings.Guidance).chunk(2, 0);
        return both[0].PlusScaled(both[1].sub(both[0]), settings.Guidance);
    }

    private protected override Tensor Pool(int encoder, TokenizedPrompt tokens, Tensor state)
    {
        using IDisposable noGradients = no_grad();
        return _encoders[encoder].Pool(tokens, state);
    }

    /// <summary>One number for every sample, <c>[B]</c>.</summary>
    private protected Tensor ForEach(Tensor samples, double value) => tensor(value, SamplerType, Placement.Device).expand(samples.shape[0]);

    /// <summary>A side in latents, where sides are multiples of <paramref name="multiple"/> pixels.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    private protected static long LatentSide(string side, int length, int multiple, int pixelsPerLatent)
        => length > 0 && length % multiple == 0
            ? BatchLimit.Side(side, length) / pixelsPerLatent
            : throw new BadInputException($"{side} is {length}; this model makes images whose sides are multiples of {multiple}");

    private void FreeEncoders()
    {
        foreach (PromptEncoder encoder in _encoders)
        {
            encoder.Free();
        }
    }

    private Scheduler CreateScheduler(SamplerSettings settings)
    {
        Description.Require(settings);
        return SchedulerFor(settings, DrawnShape(settings));
    }

    private LensImage[] Generate(ImageBatch batch, SamplerSettings settings, SamplingLoop loop, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scheduler scheduler = CreateScheduler(settings);
        using BatchNoise noise = new(batch.Requests.Select(request => request.Seed));
        (IReadOnlyList<TextConditioning> texts, long[] rows) = batch.Texts(IsGuided(settings));
        JointTextBatch text = TextOf(texts, rows);
        Tensor latents = loop.Run(
            scheduler,
            ToSampler(noise.Draw(draw => FirstDraw(draw, settings))),
            (sample, timestep) => Guided(sample, timestep, text, settings),
            () => ToSampler(noise.Draw(draw => draw.Next(DrawnShape(settings)))));
        LatentDecoder decoder = new(_autoencoder.Value, _autoencoderPlacement, decoded => AsAsked(decoded, settings));
        IEnumerable<Tensor> images = decoder.Images(latents, cancellation);
        return
        [
            .. batch.Requests.Zip(latents.unbind(0), images)
                .Select(made => new LensImage(made.First.Key, ToCaller(made.Second), ToCaller(made.Third))),
        ];
    }

    private protected Tensor Denoised(Tensor sample, double timestep, JointTextBatch text, double guidance)
    {
        Tensor input = sample.to(Placement.DType, Placement.Device);
        Tensor prediction = text is MixedTextBatch mixed
            ? SampleGroups.Denoised(mixed.Groups, input, (some, alike) => Forward(some, timestep, alike, guidance))
            : Forward(input, timestep, text, guidance);
        return prediction.to(SamplerType);
    }

    /// <summary>The latents that are drawn, of the size that was asked for or of that in the pipeline's table.</summary>
    private long[] DrawnShape(SamplerSettings settings)
    {
        if (BinnedSide(settings) is not { } side)
        {
            return LatentShape(settings);
        }

        (int height, int width) = new ResolutionBins(side).Nearest(settings.Height ?? side, settings.Width ?? side);
        return LatentShape(settings with { Height = height, Width = width });
    }

    /// <summary>Decoded images <c>[B, 3, H, W]</c>, at the size that was asked for where they were drawn at another.</summary>
    private Tensor AsAsked(Tensor images, SamplerSettings settings)
        => BinnedSide(settings) is { } side
            ? ResolutionBins.Restore(images, settings.Height ?? side, settings.Width ?? side)
            : images;

    /// <summary>Which table the size is rounded to; null: none, as always where no size is asked for.</summary>
    private int? BinnedSide(SamplerSettings settings)
        => settings is { ResolutionBinning: false } or { Height: null, Width: null } ? null : Description.BinnedSide;

    /// <summary>A copy of one row that does not hold on to its batch.</summary>
    private Tensor ToCaller(Tensor row) => row.to(Placement.DType, CPU, copy: true).MoveToOuterDisposeScope();

    private Tensor ToSampler(Tensor noise) => noise.to(SamplerType, Placement.Device);

    private Tensor FirstDraw(Noise noise, SamplerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        return settings.OnGrid(noise.Next(DrawnShape(settings))).MoveToOuterDisposeScope();
    }
}
