using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using static DiffusionLens.Families.StableDiffusion.StableDiffusionParts;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>Stable Diffusion 1.x and 2.x: the denoiser reads the last state of one CLIP text encoder, normed.</summary>
internal sealed class StableDiffusionFamily : ModelFamily
{
    // What its authors and diffusers take.
    private const double Guidance = 7.5;

    public override string Name => "Stable Diffusion";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["StableDiffusionPipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
        => Describe(LayerCountOf(stages[0], TextEncoderPart, "num_hidden_layers"));

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        StableDiffusionParts parts = new(stages[0], options);
        return new StableDiffusionPipeline(Describe(parts.TextEncoder.Config.LayerCount), parts);
    }

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            new TokenizerPart(folder, StableDiffusionParts.TokenizerPart),
            new NetworkPart(folder, TextEncoderPart, () => new ClipTextModel(Text(folder), Placement.Meta)),
            new NetworkPart(folder, UNetPart, () => new UNet2DConditionModel(Denoiser(folder), Placement.Meta)),
            new NetworkPart(folder, AutoencoderPart, () => new AutoencoderKL(Vae(folder), Placement.Meta)),
            new ConfigPart(folder, SchedulerPart),
        ];
    }

    internal override IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages) => StableDiffusionParts.Assumptions(stages[0]);

    private ModelDescription Describe(int layerCount) => new()
    {
        Family = Name,
        Encoders =
        [
            new EncoderDescription(TextEncoderPart, EncoderKind.Clip, layerCount, HasFinalNorm: true) { Mask = EncoderMask.Causal },
        ],
        Reads = [new EncoderRead(Encoder: 0, layerCount, Normed: true, ReadPositions.All)],
        DefaultGuidance = Guidance,
    };
}
