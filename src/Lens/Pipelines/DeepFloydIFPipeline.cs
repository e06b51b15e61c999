using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// DeepFloyd IF: T5's text encoder, a UNet that makes small images, and perhaps another that enlarges them with the same text in view
/// (diffusers: IFPipeline, IFSuperResolutionPipeline). Only one of the three is in memory at a time, so encode all prompts before images
/// are made, and make many images in one call. Not for use from several threads at once.
/// </summary>
public sealed class DeepFloydIFPipeline : TextToImageModel
{
    /// <summary>The second stage draws from the seed after the image's.</summary>
    private const int SecondSeed = 1;

    private readonly DeepFloydIFParts _parts;

    internal DeepFloydIFPipeline(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        : this(new DeepFloydIFParts(stages, options))
    {
    }

    private DeepFloydIFPipeline(DeepFloydIFParts parts)
        : base(parts.Placement) => _parts = parts;

    /// <inheritdoc/>
    public override int LayerCount => _parts.Text.LayerCount;

    /// <inheritdoc/>
    public override bool HoldsOneNetwork => true;

    /// <inheritdoc/>
    public override TokenizedPrompt Tokenize(string prompt) => _parts.Tokenizer.Encode(prompt);

    /// <inheritdoc/>
    public override TextTrace Encode(IReadOnlyList<string> prompts)
    {
        using IDisposable noGradients = no_grad();
        TokenizedPrompt[] tokens = [.. prompts.Select(Tokenize)];
        using Tensor ids = Rows(tokens, prompt => prompt.Ids), mask = Rows(tokens, prompt => prompt.Mask);
        return _parts.TextEncoder().Trace(ids, mask);
    }

    /// <inheritdoc/>
    public override Tensor FinalNorm(Tensor hiddenState)
    {
        using IDisposable noGradients = no_grad();
        return _parts.FinalNorm.forward(hiddenState);
    }

    /// <inheritdoc/>
    public override TextConditioning Condition(Tensor hiddenState)
        => new TextStates(hiddenState.to(Placement.DType, Placement.Device, copy: true).DetachFromDisposeScope());

    /// <inheritdoc/>
    public override Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        UNet2DConditionModel unet = _parts.UNet(_parts.First);
        CrossAttentionStates text = unet.ProjectText(States(conditioning)).Select(zeros(latents.shape[0], ScalarType.Int64, Placement.Device));
        PixelSampler sampler = new(unet, _parts.First, Placement, new SamplerSettings(), new SamplingLoop(onCall: null, CancellationToken.None));
        return sampler.Answer(latents, timestep, text, beside: null).narrow(1, 0, PixelStage.Channels).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor InitialNoise(long seed, SamplerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        return settings.OnGrid(Noise.Normal(seed, new CascadePlan(_parts, settings).SmallShape)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> StartingNoises(long seed, SamplerSettings settings)
    {
        if (new CascadePlan(_parts, settings).Second is not { } second)
        {
            return [InitialNoise(seed, settings)];
        }

        using Noise noise = new(seed + SecondSeed);
        return [InitialNoise(seed, settings), .. Enumerable.Range(0, 2).Select(_ => settings.OnGrid(noise.Next(second.Shape)))];
    }

    /// <inheritdoc/>
    public override int Calls(int images, SamplerSettings settings) => new CascadePlan(_parts, settings).Calls(images);

    /// <inheritdoc/>
    public override int BatchSize(SamplerSettings settings) => new CascadePlan(_parts, settings).SmallAtOnce;

    /// <inheritdoc/>
    public override IReadOnlyList<GeneratedImage> Generate(
        IReadOnlyList<ImageBatch> batches, SamplerSettings settings, Action? onCall = null, CancellationToken cancellation = default)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        CascadePlan plan = new(_parts, settings);
        SamplingLoop loop = new(onCall, cancellation);
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

        return [.. images.Select(Finished)];
    }

    /// <inheritdoc/>
    public override void Dispose() => _parts.Dispose();

    private static Tensor States(TextConditioning conditioning) => ((TextStates)conditioning).States;

    private Tensor First(ImageBatch batch, CascadePlan plan, SamplingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        PixelSampler sampler = new(_parts.UNet(_parts.First), _parts.First, Placement, plan.Settings, loop);
        (Tensor texts, Tensor rows) = Texts(batch, plan.Settings);
        return sampler.Run(batch, texts, rows, plan.SmallShape, seedOffset: 0).MoveToOuterDisposeScope();
    }

    private Tensor Enlarged(ImageBatch batch, Tensor small, CascadePlan.Enlargement plan, SamplingLoop loop)
    {
        using DisposeScope scope = NewDisposeScope();
        PixelSampler sampler = new(_parts.UNet(plan.Stage), plan.Stage, Placement, plan.Settings, loop);
        (Tensor texts, Tensor rows) = Texts(batch, plan.Settings);
        NoiseLevel level = NoiseLevel.FromAlphaCumprod(plan.Stage.NoisingAlphas![plan.NoiseLevel]);
        return sampler.Run(batch, texts, rows, plan.Shape, SecondSeed, draw =>
        {
            Tensor wide = nn.functional.interpolate(small, size: plan.Shape[2..], mode: InterpolationMode.Bilinear, align_corners: true);
            return new UNetContext(wide.Times(level.Alpha).PlusScaled(draw(), level.Sigma), plan.NoiseLevel);
        }).MoveToOuterDisposeScope();
    }

    private (Tensor Texts, Tensor Rows) Texts(ImageBatch batch, SamplerSettings settings)
    {
        (IReadOnlyList<TextConditioning> texts, long[] rows) = batch.Texts(settings.IsGuided);
        return (cat([.. texts.Select(States)], 0), tensor(rows, device: Placement.Device));
    }

    private Tensor Rows(TokenizedPrompt[] prompts, Func<TokenizedPrompt, IReadOnlyList<int>> row)
        => tensor([.. prompts.SelectMany(row).Select(id => (long)id)], [prompts.Length, _parts.Tokenizer.ModelMaxLength], device: Placement.Device);

    /// <summary>In the sampler's type: half precision has fewer levels than an image.</summary>
    private static GeneratedImage Finished(Tensor image)
    {
        Tensor raw = image[0].to(CPU, copy: true);
        return new GeneratedImage(raw.MoveToOuterDisposeScope(), raw.Times(0.5).Plus(0.5).ClampTo(0, 1).MoveToOuterDisposeScope());
    }

    private sealed class TextStates(Tensor states) : TextConditioning
    {
        public Tensor States { get; } = states;

        public override void Dispose() => States.Dispose();
    }
}
