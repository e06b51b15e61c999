using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>Stable Diffusion 1.x and 2.x: CLIP's text encoder, a UNet on latents, a variational autoencoder.</summary>
public sealed class StableDiffusionPipeline : TextToImageModel
{
    /// <summary>Values that live at once in the decoder, for each pixel and channel of its last but one level.</summary>
    private const long DecoderValues = 6;

    private readonly StableDiffusionParts _parts;

    internal StableDiffusionPipeline(ModelFolder folder, LoadOptions options)
        : this(new StableDiffusionParts(folder, options))
    {
    }

    private StableDiffusionPipeline(StableDiffusionParts parts)
        : base(parts.Placement) => _parts = parts;

    /// <inheritdoc/>
    public override int LayerCount => _parts.TextEncoder.Config.LayerCount;

    /// <summary>Samplers lose too much in half precision.</summary>
    private ScalarType SamplerType => Placement.DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    private UNet2DConditionConfig UNetConfig => _parts.UNet.Config;

    private AutoencoderKLConfig AutoencoderConfig => _parts.Autoencoder.Config;

    /// <inheritdoc/>
    public override TokenizedPrompt Tokenize(string prompt) => _parts.Tokenizer.Encode(prompt);

    /// <inheritdoc/>
    public override TextTrace Encode(IReadOnlyList<string> prompts)
    {
        using IDisposable noGradients = no_grad();
        long[] ids = [.. prompts.SelectMany(prompt => Tokenize(prompt).Ids.Select(id => (long)id))];
        using Tensor inputs = tensor(ids, [prompts.Count, _parts.Tokenizer.ModelMaxLength], device: Placement.Device);
        return _parts.TextEncoder.Trace(inputs);
    }

    /// <inheritdoc/>
    public override Tensor FinalNorm(Tensor hiddenState)
    {
        using IDisposable noGradients = no_grad();
        return _parts.TextEncoder.FinalNorm(hiddenState);
    }

    /// <inheritdoc/>
    public override TextConditioning Condition(Tensor hiddenState)
    {
        using IDisposable noGradients = no_grad();
        return new ProjectedText(_parts.UNet.ProjectText(hiddenState).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Predict(Tensor latents, double timestep, TextConditioning conditioning)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        CrossAttentionStates text = States(conditioning).Select(zeros(latents.shape[0], ScalarType.Int64, Placement.Device));
        return Denoised(latents, timestep, text).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor InitialNoise(long seed, SamplerSettings settings)
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
        => BatchLimit.Of(BatchLimit.UNetValues(LatentArea(settings), UNetConfig, settings.IsGuided), Placement);

    /// <inheritdoc/>
    public override IReadOnlyList<GeneratedImage> Generate(
        IReadOnlyList<ImageBatch> batches, SamplerSettings settings, Action? onCall = null, CancellationToken cancellation = default)
    {
        using IDisposable noGradients = no_grad();
        return [.. batches.SelectMany(batch => Generate(batch, settings, new SamplingLoop(onCall, cancellation), cancellation))];
    }

    /// <inheritdoc/>
    public override void Dispose() => _parts.Dispose();

    private static CrossAttentionStates States(TextConditioning conditioning) => ((ProjectedText)conditioning).States;

    private GeneratedImage[] Generate(ImageBatch batch, SamplerSettings settings, SamplingLoop loop, CancellationToken cancellation)
    {
        using DisposeScope scope = NewDisposeScope();
        using Scheduler scheduler = CreateScheduler(settings);
        using BatchNoise noise = new(batch.Requests.Select(request => request.Seed));
        CrossAttentionStates text = BatchText(batch, settings);
        Tensor latents = loop.Run(
            scheduler,
            ToSampler(noise.Draw(draw => FirstDraw(draw, settings))),
            (sample, timestep) => Guided(sample, timestep, text, settings),
            () => ToSampler(noise.Draw(draw => draw.Next(LatentShape(settings)))));
        return [.. latents.split(DecodedAtOnce(settings)).SelectMany(part => Decoded(part, cancellation))];
    }

    private CrossAttentionStates BatchText(ImageBatch batch, SamplerSettings settings)
    {
        (IReadOnlyList<TextConditioning> texts, long[] rows) = batch.Texts(settings.IsGuided);
        using CrossAttentionStates all = CrossAttentionStates.Concatenate([.. texts.Select(States)]);
        return all.Select(tensor(rows, device: Placement.Device));
    }

    private Tensor Guided(Tensor sample, double timestep, CrossAttentionStates text, SamplerSettings settings)
    {
        if (!settings.IsGuided)
        {
            return Denoised(sample, timestep, text);
        }

        Tensor[] both = Denoised(cat([sample, sample], 0), timestep, text).chunk(2, 0);
        return both[0].PlusScaled(both[1].sub(both[0]), settings.Guidance);
    }

    private Tensor Denoised(Tensor sample, double timestep, CrossAttentionStates text)
        => _parts.UNet.forward(sample.to(Placement.DType, Placement.Device), tensor(timestep, SamplerType, Placement.Device), text).to(SamplerType);

    private IEnumerable<GeneratedImage> Decoded(Tensor latents, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Tensor unscaled = latents.Times(1 / AutoencoderConfig.ScalingFactor).to(_parts.AutoencoderPlacement.DType);
        Tensor pixels = _parts.Autoencoder.Decode(unscaled).Times(0.5).Plus(0.5).ClampTo(0, 1);
        return latents.unbind(0).Zip(pixels.unbind(0), (latent, image) => new GeneratedImage(ToCaller(latent), ToCaller(image)));
    }

    /// <summary>A copy of one row that does not hold on to its batch.</summary>
    private Tensor ToCaller(Tensor row) => row.to(Placement.DType, CPU, copy: true).MoveToOuterDisposeScope();

    private Tensor ToSampler(Tensor noise) => noise.to(SamplerType, Placement.Device);

    private Tensor FirstDraw(Noise noise, SamplerSettings settings)
    {
        using DisposeScope scope = NewDisposeScope();
        return settings.OnGrid(noise.Next(LatentShape(settings))).MoveToOuterDisposeScope();
    }

    private Scheduler CreateScheduler(SamplerSettings settings)
        => Scheduler.Create(settings.Scheduler ?? Scheduler.DefaultName, _parts.Scheduler, settings.Steps);

    /// <summary>One image's latents, <c>[1, C, h, w]</c>.</summary>
    private long[] LatentShape(SamplerSettings settings)
    {
        int pixels = AutoencoderConfig.PixelsPerLatent, own = UNetConfig.SampleSize * pixels;
        int multiple = pixels << (UNetConfig.BlockOutChannels.Count - 1);
        return [1, UNetConfig.InChannels, Latents("height", settings.Height), Latents("width", settings.Width)];

        long Latents(string side, int? asked)
        {
            int length = asked ?? own;
            return length > 0 && length % multiple == 0
                ? length / pixels
                : throw new BadInputException($"{side} is {length}; this model makes images whose sides are multiples of {multiple}");
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
        return BatchLimit.Of(LatentArea(settings) * pixels * pixels * widths[Math.Min(1, widths.Count - 1)] * DecoderValues, _parts.AutoencoderPlacement);
    }

    private sealed class ProjectedText(CrossAttentionStates states) : TextConditioning
    {
        public CrossAttentionStates States { get; } = states;

        public override void Dispose() => States.Dispose();
    }
}
