using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.Flux2Klein;

/// <summary>
/// FLUX.2 klein (diffusers: Flux2KleinPipeline). Its latents are patched from the first noise on, four channels where the vae has one.
/// </summary>
internal sealed class Flux2KleinPipeline : JointTransformerPipeline
{
    /// <summary>Side of the vae's latents that the pipeline makes where nothing is said.</summary>
    private const int OwnLatents = 128;

    private readonly Flux2KleinParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public Flux2KleinPipeline(ModelDescription description, Flux2KleinParts parts)
        : base(description, parts.Placement, [parts.TextEncoder], parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private protected override int Width => _parts.TransformerConfig.Width;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int pixels = _parts.AutoencoderConfig.PixelsPerLatent, token = AutoencoderKLFlux2.Patch * pixels;
        return [1, _parts.TransformerConfig.InChannels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked) => LatentSide(side, asked ?? OwnLatents * pixels, token, token);
    }

    private protected override long TokensOf(long[] latents) => ImageTokens(latents) + _parts.TextLength;

    /// <summary>
    /// The levels fall evenly from 1 to 1/steps, unless a sampler has its own; they are shifted by the image's size and the steps.
    /// </summary>
    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
    {
        Spacing.RequireSteps(settings.Steps);
        SchedulerConfig config = _parts.Scheduler.With(settings.SchedulerOptions);
        PipelineSchedule schedule = new()
        {
            Mu = config.IsShiftedDynamically ? Flux2Schedule.Mu(ImageTokens(latents), settings.Steps) : null,
            Sigmas = config.SaysFlow ? null : [.. Spacing.Even(1, 1.0 / settings.Steps, settings.Steps)],
        };
        return settings.CreateScheduler(_parts.Scheduler, pipeline: schedule);
    }

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.ProjectText(states);

    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
    {
        const double LastTimestep = 1000;
        using DisposeScope scope = NewDisposeScope();
        (long rows, long columns) = (latents.shape[2], latents.shape[3]);
        Flux2Transformer2DModel transformer = _parts.Transformer.Value;
        RotaryPositions positions = text.Positions is { } kept
            ? transformer.Positions(tensor([.. kept.Select(position => (long)position)], device: Placement.Device), rows, columns)
            : transformer.Positions(text.Tokens.shape[1], rows, columns);
        Tensor time = ForEach(latents, timestep / LastTimestep);
        Tensor tokens = transformer.forward(Tokens(latents), time, text.Tokens, positions, text.Rows);
        return tokens.transpose(1, 2).unflatten(2, rows, columns).MoveToOuterDisposeScope();
    }

    private protected override void FreeDenoiser() => _parts.Transformer.Free();

    /// <summary>Row by row: <c>[B, C, h, w] → [B, h w, C]</c>.</summary>
    internal static Tensor Tokens(Tensor latents) => latents.flatten(2).transpose(1, 2);

    private static long ImageTokens(long[] latents) => latents[2] * latents[3];
}
