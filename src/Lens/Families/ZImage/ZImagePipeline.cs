using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.ZImage;

/// <summary>Z-Image (diffusers: ZImagePipeline).</summary>
internal sealed class ZImagePipeline : JointTransformerPipeline
{
    private const int Patch = ZImageTransformerConfig.Patch;

    /// <summary>Side of the latents that the pipeline makes where nothing is said, or as many as the model knows positions for.</summary>
    private const int OwnLatents = 128;

    private const double LastTimestep = 1000;

    private readonly ZImageParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public ZImagePipeline(ModelDescription description, ZImageParts parts)
        : base(description, parts.Placement, [parts.TextEncoder], parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private ZImageTransformerConfig Config => _parts.TransformerConfig;

    /// <inheritdoc/>
    public override EncodedText Encode(string text, EncoderRun? run = null)
    {
        // The image comes at the position after the caption's.
        int tokens = TokensOf(text, run?.Length)[0].Ids.Count, known = Config.AxisLengths[0];
        return ZImageTransformerConfig.Filled(tokens) + 1 < known ? base.Encode(text, run) : throw new BadInputException(
            $"a prompt has {tokens} tokens, {ZImageTransformerConfig.Filled(tokens)} when filled up; "
            + $"this model knows {known - 2} positions, "
            + $"so read fewer (max sequence length {(known - 2) / ZImageTransformerConfig.FilledTo * ZImageTransformerConfig.FilledTo})");
    }

    private protected override int Width => Config.Width;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int pixels = _parts.AutoencoderConfig.PixelsPerLatent;
        return [1, Config.Channels, Side("height", settings.Height, axis: 1), Side("width", settings.Width, axis: 2)];

        long Side(string side, int? asked, int axis)
        {
            int largest = Config.AxisLengths[axis] * Patch * pixels, length = asked ?? Math.Min(OwnLatents * pixels, largest);
            return length <= largest ? LatentSide(side, length, Patch * pixels, pixels)
                : throw new BadInputException($"{side} is {length}; this model knows positions in images of up to {largest} pixels");
        }
    }

    private protected override long TokensOf(long[] latents)
        => ZImageTransformerConfig.Filled(latents[2] / Patch * (latents[3] / Patch)) + ZImageTransformerConfig.Filled(_parts.TextLength);

    /// <summary>
    /// The levels fall evenly from 1 to 1/steps, unless a sampler has its own; the model's own scheduler shifts them, by the size of the
    /// image only where its config says so.
    /// </summary>
    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
    {
        Spacing.RequireSteps(settings.Steps);
        SchedulerConfig config = _parts.Scheduler.With(settings.SchedulerOptions);
        long tokens = latents[2] / Patch * (latents[3] / Patch);
        PipelineSchedule schedule = new()
        {
            Mu = config.IsShiftedDynamically ? FlowShift.Mu(config, (int)tokens) : null,
            ReadKeys = config.IsShiftedDynamically ? FlowShift.MuKeys : [],
            Sigmas = config.SaysFlow ? null : [.. Spacing.Even(1, 1.0 / settings.Steps, settings.Steps)],
        };
        return settings.CreateScheduler(_parts.Scheduler, pipeline: schedule);
    }

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.RefineCaption(states);

    /// <summary>
    /// A caption's length moves the image's positions, and filling is part of it: captions go through the denoiser one by one.
    /// </summary>
    private protected override JointTextBatch TextOf(IReadOnlyList<TextConditioning> texts, long[] rows)
        => new MixedTextBatch(SampleGroups.Of(texts, rows, text => text, (same, _) => Caption(same[0])));

    /// <summary>The network says which way the image is; the sampler asks for the way to noise.</summary>
    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor times = ForEach(latents, (LastTimestep - timestep) / LastTimestep);
        return _parts.Transformer.Value.forward(latents, times, text.Tokens).neg().MoveToOuterDisposeScope();
    }

    private protected override Tensor Guided(Tensor sample, double timestep, JointTextBatch text, SamplerSettings settings)
    {
        bool isGuided = IsGuided(settings) && (float)((LastTimestep - timestep) / LastTimestep) <= (float)settings.GuidanceTruncation;
        if (!isGuided)
        {
            return Denoised(sample, timestep, ((MixedTextBatch)text).Last(sample.shape[0]), settings.Guidance);
        }

        Tensor[] both = Denoised(cat([sample, sample], 0), timestep, text, settings.Guidance).chunk(2, 0);
        Tensor guided = both[1].PlusScaled(both[1].sub(both[0]), settings.Guidance);
        return settings.GuidanceNormalization > 0 ? Limited(guided, both[1], settings.GuidanceNormalization) : guided;
    }

    private JointTextBatch Caption(TextConditioning text) => new(ProjectText(((JointText)text).States), Pooled: null);

    private protected override void FreeDenoiser() => _parts.Transformer.Free();

    /// <summary>
    /// Shortened, where it is longer, to <paramref name="factor"/> times the other's length; lengths are of whole samples.
    /// </summary>
    private static Tensor Limited(Tensor guided, Tensor own, double factor)
    {
        using Scalar most = 1;
        Tensor allowed = Length(own).Times(factor).div(Length(guided)).clamp_max(most);
        return guided.mul(allowed.view(-1, 1, 1, 1));

        static Tensor Length(Tensor samples) => samples.flatten(1).norm(-1);
    }
}
