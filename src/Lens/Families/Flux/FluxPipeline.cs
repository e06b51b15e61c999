using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.Flux;

/// <summary>FLUX.1 (diffusers: FluxPipeline).</summary>
internal sealed class FluxPipeline : JointTransformerPipeline
{
    /// <summary>Side of the latents that the pipeline makes where nothing is said.</summary>
    private const int OwnLatents = 128;

    private readonly FluxParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public FluxPipeline(ModelDescription description, FluxParts parts)
        : base(description, parts.Placement, parts.TextEncoders, parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private protected override int Width => _parts.TransformerConfig.Width;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int pixels = _parts.AutoencoderConfig.PixelsPerLatent;
        return [1, _parts.AutoencoderConfig.LatentChannels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked) => LatentSide(side, asked ?? OwnLatents * pixels, FluxParts.Patch * pixels, pixels);
    }

    private protected override long TokensOf(long[] latents) => Tokens(latents) + _parts.TextLength;

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
            Mu = config.IsShiftedDynamically ? FlowShift.Mu(config, (int)Tokens(latents)) : null,
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
        (long rows, long columns) = (latents.shape[2] / FluxParts.Patch, latents.shape[3] / FluxParts.Patch);
        Tensor positions = FluxTransformer2DModel.Positions(text.Tokens.shape[1], rows, columns).to(Placement.Device);
        Tensor? scale = _parts.TransformerConfig.ReadsGuidance ? ForEach(latents, guidance) : null;
        Tensor tokens = _parts.Transformer.Value.forward(
            Packed(latents), text.Tokens, text.Pooled!, positions, ForEach(latents, timestep / LastTimestep), scale, text.Rows);
        return Unpacked(tokens, rows, columns).MoveToOuterDisposeScope();
    }

    private protected override void FreeDenoiser() => _parts.Transformer.Free();

    private static long Tokens(long[] latents) => latents[2] / FluxParts.Patch * (latents[3] / FluxParts.Patch);

    /// <summary>2×2 latents a token: <c>[B, C, h, w] → [B, h w / 4, 4 C]</c>.</summary>
    internal static Tensor Packed(Tensor latents)
    {
        (long channels, long rows, long columns) = (latents.shape[1], latents.shape[2] / 2, latents.shape[3] / 2);
        return latents.view(-1, channels, rows, 2, columns, 2).permute(0, 2, 4, 1, 3, 5).reshape(-1, rows * columns, 4 * channels);
    }

    /// <summary>Back again: <c>[B, rows · columns, 4 C] → [B, C, 2 rows, 2 columns]</c>.</summary>
    private static Tensor Unpacked(Tensor tokens, long rows, long columns)
    {
        long channels = tokens.shape[2] / 4;
        return tokens.view(-1, rows, columns, channels, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(-1, channels, 2 * rows, 2 * columns);
    }
}
