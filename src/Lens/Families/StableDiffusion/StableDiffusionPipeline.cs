using System.Diagnostics;
using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>
/// Stable Diffusion 1.x, 2.x and XL: CLIP text encoders, a UNet on latents, a variational autoencoder. What is read of the encoders, the
/// model's description says.
/// </summary>
internal sealed class StableDiffusionPipeline : TextToImageModel
{
    /// <summary>Values that live at once in the decoder, for each pixel and channel of its last but one level.</summary>
    private const long DecoderValues = 6;

    private readonly StableDiffusionParts _parts;

    /// <summary>A pipeline of loaded parts, which it takes over.</summary>
    public StableDiffusionPipeline(ModelDescription description, StableDiffusionParts parts)
        : base(description, parts.Placement) => _parts = parts;

    /// <summary>Samplers lose too much in half precision.</summary>
    private ScalarType SamplerType => Placement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    private UNet2DConditionConfig UNetConfig => _parts.UNet.Config;

    private AutoencoderKLConfig AutoencoderConfig => _parts.Autoencoder.Config;

    /// <inheritdoc/>
    public override IReadOnlyList<TokenizedPrompt> Tokenize(string text)
        => [.. _parts.Tokenizers.Select(tokenizer => tokenizer.Encode(text))];

    private protected override IReadOnlyList<TokenizedPrompt> Tokenize(string text, int length)
        => [.. _parts.Tokenizers.Select(tokenizer => tokenizer.WithLength(length).Encode(text))];

    /// <inheritdoc/>
    public override EncodedText Encode(string text, EncoderRun? run = null) => Encoded(text, run, (encoder, tokens, how) =>
    {
        using Tensor ids = tokens.IdRow(Placement.Device);
        using Tensor? mask = how.MasksPadding(native: false) ? tokens.MaskRow(Placement.Device) : null;
        TextTrace trace = _parts.TextEncoders[encoder].Trace(ids, BlocksOf(encoder, how), how, mask);
        return new EncoderStates(tokens, trace.HiddenStates);
    });

    /// <inheritdoc/>
    public override Tensor FinalNorm(int encoder, Tensor state)
    {
        using IDisposable noGradients = no_grad();
        return _parts.TextEncoders[encoder].FinalNorm(state);
    }

    /// <inheritdoc/>
    public override TextConditioning Condition(TextReads reads)
    {
        if (UNetConfig.TextTime is not null && reads.Pooled is null)
        {
            throw new ArgumentException("This model reads a pooled vector besides the states.", nameof(reads));
        }

        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        CrossAttentionStates states = _parts.UNet.ProjectText(Join(reads)).Masked(MaskOf(Hidden(reads)));
        return new ProjectedText(states.DetachFromDisposeScope(), reads.Pooled?.clone().DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int pixels = AutoencoderConfig.PixelsPerLatent;
        IReadOnlyList<SampleGroup<CrossAttentionStates>> text = Gathered(
            [conditioning], new long[latents.shape[0]], latents.shape[2] * pixels, latents.shape[3] * pixels);
        return Denoised(latents, timestep, text).MoveToOuterDisposeScope();
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
        LatentShape(settings);
        using Scheduler scheduler = CreateScheduler(settings);
        return scheduler.Timesteps.Count;
    }

    /// <inheritdoc/>
    public override int BatchSize(SamplerSettings settings)
    {
        // Said before an image is sampled that could not be decoded.
        _ = DecodedAtOnce(settings);
        return BatchLimit.Of(BatchLimit.UNetValues(LatentArea(settings), UNetConfig, settings.IsGuided), Placement);
    }

    /// <inheritdoc/>
    public override void Dispose() => _parts.Dispose();

    internal override IReadOnlyList<LensImage> Generate(
        IReadOnlyList<ImageBatch> batches,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using IDisposable noGradients = no_grad();
        SamplingLoop loop = Loop(batches, settings, progress, cancellation);
        return [.. batches.SelectMany(batch => Generate(batch, settings, loop, cancellation))];
    }

    internal override TextReads ReadsWithoutNegative(EncodedText empty)
    {
        TextReads own = NativeReads(empty);
        return _parts.ZeroesAbsentNegative ? new([.. own.States.Select(state => state.zeros_like())], own.Pooled?.zeros_like()) : own;
    }

    private protected override Tensor Pool(int encoder, TokenizedPrompt tokens, Tensor state)
    {
        using IDisposable noGradients = no_grad();
        return _parts.TextEncoders[encoder].Pool(state, tokens.Ids);
    }

    private LensImage[] Generate(ImageBatch batch, SamplerSettings settings, SamplingLoop loop, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scheduler scheduler = CreateScheduler(settings);
        using BatchNoise noise = new(batch.Requests.Select(request => request.Seed));
        IReadOnlyList<SampleGroup<CrossAttentionStates>> text = BatchText(batch, settings);
        Tensor latents = loop.Run(
            scheduler,
            ToSampler(noise.Draw(draw => FirstDraw(draw, settings))),
            (sample, timestep) => Guided(sample, timestep, text, settings),
            () => ToSampler(noise.Draw(draw => draw.Next(LatentShape(settings)))));
        IEnumerable<DecodedImage> images = latents.split(DecodedAtOnce(settings)).SelectMany(part => Decoded(part, cancellation));
        return [.. batch.Requests.Zip(images, (request, image) => new LensImage(request.Key, image.Latents, image.Pixels))];
    }

    private IReadOnlyList<SampleGroup<CrossAttentionStates>> BatchText(ImageBatch batch, SamplerSettings settings)
    {
        (IReadOnlyList<TextConditioning> texts, long[] rows) = batch.Texts(settings.IsGuided);
        long[] latents = LatentShape(settings);
        int pixels = AutoencoderConfig.PixelsPerLatent;
        return Gathered(texts, rows, latents[^2] * pixels, latents[^1] * pixels);
    }

    /// <summary>What each sample gets of its text and, where the UNet is told, of the size of the images.</summary>
    private IReadOnlyList<SampleGroup<CrossAttentionStates>> Gathered(
        IReadOnlyList<TextConditioning> texts, long[] rows, long height, long width)
        => SampleGroups.Of(
            [.. texts.Cast<ProjectedText>()], rows, text => text.States.LayoutOf, (alike, own) => Gathered(alike, own, height, width));

    private CrossAttentionStates Gathered(IReadOnlyList<ProjectedText> projected, long[] rows, long height, long width)
    {
        using CrossAttentionStates all = CrossAttentionStates.Concatenate([.. projected.Select(text => text.States)]);
        using Tensor indices = tensor(rows, device: Placement.Device);
        CrossAttentionStates states = all.Select(indices);
        if (_parts.UNet.Config.TextTime is null)
        {
            return states;
        }

        // Nothing was cut off and nothing enlarged: as diffusers has it by default.
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = cat([.. projected.Select(text => text.Pooled!)], 0);
        Tensor sizes = tensor(new double[] { height, width, 0, 0, height, width }, SamplerType, Placement.Device);
        Tensor share = _parts.UNet.TimeShare(pooled, sizes.expand(pooled.shape[0], -1));
        return states.With(share.index_select(0, indices).MoveToOuterDisposeScope());
    }

    private Tensor Guided(
        Tensor sample, double timestep, IReadOnlyList<SampleGroup<CrossAttentionStates>> text, SamplerSettings settings)
    {
        if (!settings.IsGuided)
        {
            return Denoised(sample, timestep, text);
        }

        Tensor[] both = Denoised(cat([sample, sample], 0), timestep, text).chunk(2, 0);
        return both[0].PlusScaled(both[1].sub(both[0]), settings.Guidance);
    }

    private Tensor Denoised(Tensor sample, double timestep, IReadOnlyList<SampleGroup<CrossAttentionStates>> text)
    {
        Tensor time = tensor(timestep, SamplerType, Placement.Device);
        return SampleGroups
            .Denoised(text, sample.to(Placement.DType, Placement.Device), (some, alike) => _parts.UNet.forward(some, time, alike))
            .to(SamplerType);
    }

    private IEnumerable<DecodedImage> Decoded(Tensor latents, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using Activity? activity = LensActivity.Start("decode");
        Tensor unscaled = latents.Times(1 / AutoencoderConfig.ScalingFactor).to(_parts.AutoencoderPlacement.DType);
        Tensor pixels = _parts.Autoencoder.Decode(unscaled).Times(0.5).Plus(0.5).ClampTo(0, 1);
        return latents.unbind(0).Zip(pixels.unbind(0), (latent, image) => new DecodedImage(ToCaller(latent), ToCaller(image)));
    }

    private KeyMask? MaskOf(Tensor? hidden) => hidden is null ? null : KeyMask.Of(hidden, KeyMask.OfCrossAttention, Placement.DType);

    /// <summary>A copy of one row that does not hold on to its batch.</summary>
    private Tensor ToCaller(Tensor row) => row.to(Placement.DType, CPU, copy: true).MoveToOuterDisposeScope();

    private Tensor ToSampler(Tensor noise) => noise.to(SamplerType, Placement.Device);

    private Tensor FirstDraw(Noise noise, SamplerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        return settings.OnGrid(noise.Next(LatentShape(settings))).MoveToOuterDisposeScope();
    }

    private Scheduler CreateScheduler(SamplerSettings settings)
    {
        Description.Require(settings);
        return settings.CreateScheduler(_parts.Scheduler);
    }

    /// <summary>
    /// One image's latents, <c>[1, C, h, w]</c>. Sides that the UNet cannot halve at each level are right too: on its way up it takes the
    /// sizes of the way down.
    /// </summary>
    private long[] LatentShape(SamplerSettings settings)
    {
        int pixels = AutoencoderConfig.PixelsPerLatent, ownHeight = UNetConfig.SampleSize * pixels;
        int ownWidth = UNetConfig.SampleWidth * pixels ?? ownHeight;
        return [1, UNetConfig.InChannels, Latents("height", settings.Height ?? ownHeight), Latents("width", settings.Width ?? ownWidth)];


        long Latents(string side, int length)
        {
            return length > 0 && length % pixels == 0
                ? BatchLimit.Side(side, length) / pixels
                : throw new BadInputException($"{side} is {length}; this model makes images whose sides are multiples of {pixels}");
        }
    }

    private long LatentArea(SamplerSettings settings)
    {
        long[] shape = LatentShape(settings);
        return shape[^2] * shape[^1];
    }

    private int DecodedAtOnce(SamplerSettings settings)
    {
        IReadOnlyList<int> widths = AutoencoderConfig.BlockOutChannels;
        int pixels = AutoencoderConfig.PixelsPerLatent;
        long area = LatentArea(settings) * pixels * pixels;
        return BatchLimit.Of(area * widths[Math.Min(1, widths.Count - 1)] * DecoderValues, _parts.AutoencoderPlacement);
    }

    private sealed record DecodedImage(Tensor Latents, Tensor Pixels);

    private sealed class ProjectedText(CrossAttentionStates states, Tensor? pooled) : TextConditioning
    {
        public CrossAttentionStates States { get; } = states;

        /// <summary>The pooled text, <c>[1, width]</c>; null where the UNet reads none.</summary>
        public Tensor? Pooled { get; } = pooled;

        public override void Dispose()
        {
            States.Dispose();
            Pooled?.Dispose();
        }
    }
}
