using DiffusionLens.Denoisers;
using DiffusionLens.Layers;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Families.Sana;

/// <summary>SANA (diffusers: SanaPipeline).</summary>
internal sealed class SanaPipeline : JointTransformerPipeline
{
    /// <summary>What the pipeline wants sides to be multiples of, whatever the autoencoder's scale.</summary>
    private const int SideMultiple = 32;

    private readonly SanaParts _parts;
    private readonly bool _hasInstruction;

    /// <summary>A pipeline of checked parts, which it takes over.</summary>
    public SanaPipeline(ModelDescription description, SanaParts parts, bool hasInstruction)
        : base(description, parts.Placement, [parts.TextEncoder], parts.Autoencoder, parts.AutoencoderPlacement)
        => (_parts, _hasInstruction) = (parts, hasInstruction);

    private protected override int Width => Config.Width;

    private protected override double HiddenScore => KeyMask.OfCrossAttention;

    private SanaTransformerConfig Config => _parts.TransformerConfig;

    private int PixelsPerLatent => _parts.AutoencoderConfig.PixelsPerLatent;

    /// <summary>No instruction stands before a negative prompt.</summary>
    internal override TextReads NegativeReads(string negative, Func<string, EncodedText> encoded)
        => _hasInstruction ? PlainReads(negative, LengthOf(encoded(""))) : base.NegativeReads(negative, encoded);

    internal override TextReads ReadsWithoutNegative(EncodedText empty) => NegativeReads("", _ => empty);

    private TextReads PlainReads(string text, int length) => NativeReads(Encode([_parts.TextEncoder.TokenizePlain(text, length)]));

    /// <summary>How many tokens are kept of prompts.</summary>
    private static int LengthOf(EncodedText text) => text.Encoders[0].Tokens.Ids.Count;

    private protected override long[] LatentShape(SamplerSettings settings)
    {
        int own = Config.SampleSize * PixelsPerLatent, multiple = Math.Max(SideMultiple, PixelsPerLatent);
        return [1, Config.Channels, Side("height", settings.Height), Side("width", settings.Width)];

        long Side(string side, int? asked) => LatentSide(side, asked ?? own, multiple, PixelsPerLatent);
    }

    private protected override long TokensOf(long[] latents) => (latents[2] * latents[3]) + _parts.TextLength;

    private protected override Scheduler SchedulerFor(SamplerSettings settings, long[] latents)
        => settings.CreateScheduler(_parts.Scheduler);

    private protected override Tensor ProjectText(Tensor states) => _parts.Transformer.Value.ProjectText(states);

    private protected override Tensor Forward(Tensor latents, double timestep, JointTextBatch text, double guidance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor timesteps = ForEach(latents, timestep * Config.TimestepScale);
        return _parts.Transformer.Value.forward(latents, timesteps, text.Tokens, text.Rows.Mask).MoveToOuterDisposeScope();
    }

    private protected override void FreeDenoiser() => _parts.Transformer.Free();
}
