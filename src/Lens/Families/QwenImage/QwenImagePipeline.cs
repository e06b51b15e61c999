using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.QwenImage;

/// <summary>Qwen-Image (diffusers: QwenImagePipeline).</summary>
internal sealed class QwenImagePipeline : JointTransformerPipeline
{
    private const int Patch = PackedLatents.Patch;

    /// <summary>Side of the latents that the pipeline makes where nothing is said.</summary>
    private const int OwnLatents = 128;

    private readonly QwenImageParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public QwenImagePipeline(ModelDescription description, QwenImageParts parts)
        : base(description, parts.Placement, [parts.TextEncoder], parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private protected override int Width => _parts.TransformerConfig.Width;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int pixels = _parts.AutoencoderConfig.PixelsPerLatent;
        return [1, _parts.AutoencoderConfig.LatentChannels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked) => LatentSide(side, asked ?? OwnLatents * pixels, Patch * pixels, pixels);
    }

    private protected override long TokensOf(long[] latents) => ImageTokens(latents) + _parts.TextLength;

    /// <summary>Without a negative prompt there is no guidance: a text of no rows stands for that.</summary>
    internal override TextReads ReadsWithoutNegative(EncodedText empty)
    {
        using DisposeScope scope = NewDisposeScope();
        return new TextReads([.. NativeReads(empty).States.Select(state => state.narrow(1, 0, 0).clone().MoveToOuterDisposeScope())]);
    }

    /// <summary>
    /// The levels fall evenly from 1 to 1/steps, unless a sampler has its own; they are shifted, by the size of the image where the model's
    /// config says so.
    /// </summary>
    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
    {
        Spacing.RequireSteps(settings.Steps);
        SchedulerConfig config = _parts.Scheduler.With(settings.SchedulerOptions);
        PipelineSchedule schedule = new()
        {
            Mu = config.IsShiftedDynamically ? FlowShift.Mu(config, (int)ImageTokens(latents)) : null,
            ReadKeys = config.IsShiftedDynamically ? FlowShift.MuKeys : [],
            Sigmas = config.SaysFlow ? null : [.. Spacing.Even(1, 1.0 / settings.Steps, settings.Steps)],
        };
        return settings.CreateScheduler(_parts.Scheduler, pipeline: schedule);
    }

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.ProjectText(states);

    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
    {
        const double LastTimestep = 1000;
        using DisposeScope scope = NewDisposeScope();
        (long rows, long columns) = (latents.shape[2] / Patch, latents.shape[3] / Patch);
        QwenImageTransformer2DModel transformer = _parts.Transformer.Value;
        RotaryPositions positions = text.Positions is { } kept
            ? transformer.Positions(tensor([.. kept.Select(NumberOf)], device: Placement.Device), rows, columns)
            : transformer.Positions(text.Tokens.shape[1], rows, columns);
        Tensor times = ForEach(latents, timestep / LastTimestep);
        Tensor tokens = transformer.forward(PackedLatents.Of(latents), times, text.Tokens, positions, text.Rows);
        return PackedLatents.Back(tokens, rows, columns).MoveToOuterDisposeScope();

        // Rows are counted from the first that is kept of what was encoded.
        static long NumberOf(int position) => position - QwenImageParts.Text.Template.Dropped;
    }

    /// <summary>
    /// Guidance changes the direction of each token's prediction; its length is that of the prediction by the prompt alone.
    /// </summary>
    private protected override Tensor Guided(Tensor sample, double timestep, JointTextBatch text, SamplerSettings settings)
    {
        if (!IsGuided(settings))
        {
            return Denoised(sample, timestep, text, settings.Guidance);
        }

        // A negative text of no rows is none.
        if (text is MixedTextBatch mixed && mixed.Groups.Any(group => group.Text.Tokens.shape[1] == 0))
        {
            return Denoised(sample, timestep, mixed.Last(sample.shape[0]), settings.Guidance);
        }

        Tensor[] both = Denoised(cat([sample, sample], 0), timestep, text, settings.Guidance).chunk(2, 0);
        Tensor guided = PackedLatents.Of(both[0].PlusScaled(both[1].sub(both[0]), settings.Guidance)), own = PackedLatents.Of(both[1]);
        Tensor scaled = guided.mul(Length(own).div(Length(guided)));
        return PackedLatents.Back(scaled, sample.shape[2] / Patch, sample.shape[3] / Patch);

        static Tensor Length(Tensor tokens) => tokens.norm(-1, keepdim: true);
    }

    private protected override void FreeDenoiser() => _parts.Transformer.Free();

    private static long ImageTokens(long[] latents) => latents[2] / Patch * (latents[3] / Patch);
}
