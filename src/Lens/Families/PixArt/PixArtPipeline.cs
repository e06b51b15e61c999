using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.PixArt;

/// <summary>PixArt-Sigma and PixArt-Alpha (diffusers: PixArtSigmaPipeline, PixArtAlphaPipeline).</summary>
internal sealed class PixArtPipeline : JointTransformerPipeline
{
    private readonly PixArtParts _parts;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public PixArtPipeline(ModelDescription description, PixArtParts parts)
        : base(description, parts.Placement, [parts.TextEncoder], parts.Autoencoder, parts.AutoencoderPlacement) => _parts = parts;

    private protected override int Width => Config.Width;

    private protected override double HiddenScore => KeyMask.OfCrossAttention;

    private PixArtTransformerConfig Config => _parts.TransformerConfig;

    private int PixelsPerLatent => _parts.AutoencoderConfig.PixelsPerLatent;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int own = Config.SampleSize * PixelsPerLatent;
        return [1, Config.InChannels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked) => LatentSide(side, asked ?? own, PixelsPerLatent * Config.PatchSize, PixelsPerLatent);
    }

    private protected override long TokensOf(long[] latents)
        => (latents[2] * latents[3] / (Config.PatchSize * Config.PatchSize)) + _parts.TextLength;

    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
        => settings.CreateScheduler(_parts.Scheduler);

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.ProjectText(states);

    /// <summary>The noise alone; what the network says of its variance is not used.</summary>
    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? size = Config.ReadsSize ? SizeOf(latents) : null;
        Tensor all = _parts.Transformer.Value.forward(latents, ForEach(latents, timestep), text.Tokens, text.Rows.Mask, size);
        return all.narrow(1, 0, Config.InChannels).MoveToOuterDisposeScope();
    }

    private protected override void FreeDenoiser() => _parts.Transformer.Free();

    /// <summary>Height, width and height / width of the images that are made, the same for all, <c>[B, 3]</c>.</summary>
    private Tensor SizeOf(Tensor latents)
    {
        double height = latents.shape[2] * PixelsPerLatent, width = latents.shape[3] * PixelsPerLatent;
        return tensor([height, width, height / width], SamplerType, Placement.Device).expand(latents.shape[0], -1);
    }
}
