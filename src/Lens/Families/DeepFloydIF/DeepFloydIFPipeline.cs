using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>
/// DeepFloyd IF: T5's text encoder, a UNet that makes small images, and perhaps another that enlarges them with the same text in view
/// (diffusers: IFPipeline, IFSuperResolutionPipeline). Only one of the three is in memory at a time, so encode all prompts before images
/// are made, and make many images in one call. Not for use from several threads at once.
/// </summary>
internal sealed class DeepFloydIFPipeline : TextToImageModel
{
    private readonly DeepFloydIFParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public DeepFloydIFPipeline(ModelDescription description, DeepFloydIFParts parts)
        : base(description, parts.Placement) => _parts = parts;

    /// <inheritdoc/>
    public override bool HoldsOneNetwork => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TokenizedPrompt> Tokenize(string text) => [_parts.Tokenizer.Encode(text)];

    private protected override IReadOnlyList<TokenizedPrompt> Tokenize(string text, int length)
        => [_parts.Tokenizer.WithLength(length).Encode(text)];

    /// <inheritdoc/>
    public override EncodedText Encode(string text, EncoderRun? run = null) => Encoded(text, run, (encoder, tokens, how) =>
    {
        using Tensor ids = tokens.IdRow(Placement.Device);
        using Tensor? mask = how.MasksPadding(native: true) ? tokens.MaskRow(Placement.Device) : null;
        TextTrace trace = _parts.TextEncoder().Trace(ids, mask, BlocksOf(encoder, how), how);
        return new EncoderStates(tokens, trace.HiddenStates);
    });

    /// <inheritdoc/>
    public override Tensor FinalNorm(int encoder, Tensor state)
    {
        using IDisposable noGradients = no_grad();
        return _parts.FinalNorm.forward(state);
    }

    /// <inheritdoc/>
    public override TextConditioning Condition(TextReads reads)
    {
        using DisposeScope scope = NewDisposeScope();
        return new TextStates(reads.States[0].to(Placement.DType, Placement.Device, copy: true).DetachFromDisposeScope())
        {
            Mask = Hidden(reads) is { } hidden ? KeyMask.Of(hidden, KeyMask.OfCrossAttention, Placement.DType) : null,
        };
    }

    /// <inheritdoc/>
    public override Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        UNet2DConditionModel unet = _parts.UNet(_parts.First);
        IReadOnlyList<SampleGroup<CrossAttentionStates>> text = Texts([conditioning], new long[latents.shape[0]], unet);
        SamplingLoop none = new(progress: null, total: 0, CancellationToken.None);
        PixelSampler sampler = new(unet, _parts.First, Placement, new SamplerSettings(), none);
        return sampler.Answer(latents, timestep, text, beside: null).narrow(1, 0, PixelStage.Channels).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor InitialNoise(ulong seed, SamplerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        return settings.OnGrid(Noise.Normal(seed, PlanOf(settings).SmallShape)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> StartingNoises(ulong seed, SamplerSettings settings)
    {
        if (PlanOf(settings).Second is not { } second)
        {
            return [InitialNoise(seed, settings)];
        }

        using Noise noise = new(SecondSeedOf(seed));
        return [InitialNoise(seed, settings), .. Enumerable.Range(0, 2).Select(_ => settings.OnGrid(noise.Next(second.Shape)))];
    }

    /// <inheritdoc/>
    public override int Calls(int images, SamplerSettings settings) => PlanOf(settings).Calls(images);

    /// <inheritdoc/>
    public override int BatchSize(SamplerSettings settings) => PlanOf(settings).SmallAtOnce;

    /// <inheritdoc/>
    public override void Dispose() => _parts.Dispose();

    internal override IReadOnlyList<LensImage> Generate(
        IReadOnlyList<ImageBatch> batches,
        SamplerSettings settings,
        IProgress<SamplingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        CascadePlan plan = PlanOf(settings);
        SamplingLoop loop = Loop(batches, settings, progress, cancellation);
        Tensor[] images = [.. batches.SelectMany(batch => First(batch, plan, loop).split(1))];
        if (plan.Second is { } second)
        {
            int before = 0;
            List<Tensor> large = [];
            foreach (ImageBatch part in batches.SelectMany(batch => batch.Split(second.AtOnce)))
            {
                using DisposeScope made = NewDisposeScope();
                Tensor small = cat([.. images.Skip(before).Take(part.Requests.Count)], 0);
                large.AddRange(Enlarged(part, small, second, loop).split(1).Select(image => image.MoveToOuterDisposeScope()));
                before += part.Requests.Count;
            }

            images = [.. large];
        }

        return [.. batches.SelectMany(batch => batch.Requests).Zip(images, (request, image) => Finished(request.Key, image))];
    }

    /// <summary>The second stage draws from the seed after the image's; after the last comes the first.</summary>
    private static ulong SecondSeedOf(ulong seed) => unchecked(seed + 1);

    private CascadePlan PlanOf(SamplerSettings settings)
    {
        Description.Require(settings);
        return new CascadePlan(_parts, settings);
    }

    private Tensor First(ImageBatch batch, CascadePlan plan, SamplingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        UNet2DConditionModel unet = _parts.UNet(_parts.First);
        PixelSampler sampler = new(unet, _parts.First, Placement, plan.Settings, loop);
        return sampler.Run(batch, Texts(batch, plan.Settings, unet), plan.SmallShape, seed => seed).MoveToOuterDisposeScope();
    }

    private Tensor Enlarged(ImageBatch batch, Tensor small, CascadePlan.Enlargement plan, SamplingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        UNet2DConditionModel unet = _parts.UNet(plan.Stage);
        PixelSampler sampler = new(unet, plan.Stage, Placement, plan.Settings, loop);
        NoiseLevel level = NoiseLevel.FromAlphaCumprod(plan.Stage.NoisingAlphas![plan.NoiseLevel]);
        return sampler.Run(batch, Texts(batch, plan.Settings, unet), plan.Shape, SecondSeedOf, draw =>
        {
            Tensor wide = nn.functional.interpolate(small, size: plan.Shape[2..], mode: InterpolationMode.Bilinear, align_corners: true);
            return new UNetContext(wide.Times(level.Alpha).PlusScaled(draw(), level.Sigma), plan.NoiseLevel);
        }).MoveToOuterDisposeScope();
    }

    private IReadOnlyList<SampleGroup<CrossAttentionStates>> Texts(ImageBatch batch, SamplerSettings settings, UNet2DConditionModel unet)
    {
        (IReadOnlyList<TextConditioning> texts, long[] rows) = batch.Texts(settings.IsGuided);
        return Texts(texts, rows, unet);
    }

    /// <summary>What each sample gets of its text.</summary>
    private IReadOnlyList<SampleGroup<CrossAttentionStates>> Texts(
        IReadOnlyList<TextConditioning> texts, long[] rows, UNet2DConditionModel unet)
        => SampleGroups.Of([.. texts.Cast<TextStates>()], rows, text => (text.States.shape[1], text.Mask is null), (alike, own) =>
        {
            KeyMask? mask = alike[0].Mask is null ? null : new KeyMask(cat([.. alike.Select(text => text.Mask!.Scores)], 0));
            Tensor places = tensor(own, device: Placement.Device);
            return unet.ProjectText(cat([.. alike.Select(text => text.States)], 0)).Masked(mask).Select(places);
        });

    /// <summary>In the sampler's type: half precision has fewer levels than an image.</summary>
    private static LensImage Finished(ImageKey key, Tensor image)
    {
        Tensor raw = image[0].to(CPU, copy: true);
        return new LensImage(key, raw.MoveToOuterDisposeScope(), raw.Times(0.5).Plus(0.5).ClampTo(0, 1).MoveToOuterDisposeScope());
    }

    private sealed class TextStates(Tensor states) : TextConditioning
    {
        public Tensor States { get; } = states;

        /// <summary>Rows that the image does not attend to; null: it attends to all.</summary>
        public KeyMask? Mask { get; init => field = value?.DetachFromDisposeScope(); }

        public override void Dispose()
        {
            States.Dispose();
            Mask?.Scores.Dispose();
        }
    }
}
