using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.StableDiffusion3;

/// <summary>Stable Diffusion 3 and 3.5 (diffusers: StableDiffusion3Pipeline).</summary>
internal sealed class StableDiffusion3Pipeline : JointTransformerPipeline
{
    private readonly StableDiffusion3Parts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public StableDiffusion3Pipeline(ModelDescription description, StableDiffusion3Parts parts)
        : base(description, parts.Placement, parts.TextEncoders, parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private protected override int Width => Config.Width;

    private SD3TransformerConfig Config => _parts.TransformerConfig;

    private int PixelsPerLatent => _parts.AutoencoderConfig.PixelsPerLatent;

    /// <summary>
    /// The CLIPs side by side, widened by zeros to T5's width, and T5's rows below; where there is no T5, rows of zeros, which the denoiser
    /// attends to as to any.
    /// </summary>
    public override Tensor Join(TextReads reads)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] clips = [.. reads.States.Take(StableDiffusion3Parts.Clips.Count)];
        Tensor clip = SideBySide([.. clips.Select(state => state.to(Placement.DType))]);
        clip = nn.functional.pad(clip, [0, Config.TextWidth - clip.shape[2]]);
        Tensor below = reads.States.ElementAtOrDefault(StableDiffusion3Parts.Clips.Count)?.to(Placement.DType)
            ?? zeros(1, _parts.TextLength, Config.TextWidth, Placement.DType, clip.device);
        return cat([clip, below], 1).MoveToOuterDisposeScope();
    }

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int own = Config.SampleSize * PixelsPerLatent, multiple = PixelsPerLatent * Config.PatchSize;
        int largest = Config.PositionTableSide * multiple;
        return [1, Config.InChannels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked)
        {
            int length = asked ?? own;
            return length <= largest
                ? LatentSide(side, length, multiple, PixelsPerLatent)
                : throw new BadInputException($"{side} is {length}; this model knows positions in images of up to {largest} pixels");
        }
    }

    private protected override long TokensOf(long[] latents)
        => (latents[2] * latents[3] / (Config.PatchSize * Config.PatchSize)) + _parts.ClipLength + _parts.TextLength;

    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
    {
        SchedulerConfig config = _parts.Scheduler.With(settings.SchedulerOptions);
        long patches = latents[2] / Config.PatchSize * (latents[3] / Config.PatchSize);
        PipelineSchedule? schedule = config.IsShiftedDynamically
            ? new PipelineSchedule { Mu = FlowShift.Mu(config, (int)patches), ReadKeys = FlowShift.MuKeys }
            : null;
        return settings.CreateScheduler(_parts.Scheduler, pipeline: schedule);
    }

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.ProjectText(states);

    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
        => _parts.Transformer.Value.forward(latents, ForEach(latents, timestep), text.Tokens, text.Pooled!, text.Rows);

    private protected override void FreeDenoiser() => _parts.Transformer.Free();
}
