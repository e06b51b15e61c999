using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;

namespace DiffusionLens.Families.DeepFloydIF;

/// <summary>DeepFloyd IF, stage I with or without stage II: the denoisers read the last state of one T5 encoder, normed.</summary>
internal sealed class DeepFloydIFFamily : ModelFamily
{
    // What its authors and diffusers take for stage I.
    private const double Guidance = 7;

    public override string Name => "DeepFloyd IF";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["IFPipeline", "IFSuperResolutionPipeline"];

    internal override IReadOnlyList<string> StageNames { get; } = ["stage_I", "stage_II"];

    internal override string ContinuationError => $"is {Name}'s stage II, which enlarges images; give stage I's folder before it";

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
        => Describe(LayerCountOf(stages[0], DeepFloydIFParts.TextEncoderPart, "num_layers"), stages.Count);

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        DeepFloydIFParts parts = new(stages, options);
        return new DeepFloydIFPipeline(Describe(parts.Text.LayerCount, stages.Count), parts);
    }

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => networks.Select(network => new[] { network });

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages) =>
    [
        new TokenizerPart(stages[0], DeepFloydIFParts.TokenizerPart, _ => DeepFloydIFParts.ReadTokenizer(stages[0])),
        NetworkPart.Of(
            stages[0],
            DeepFloydIFParts.TextEncoderPart,
            DeepFloydIFParts.TextOf,
            (config, placement) => new T5EncoderModel(config, placement)),
        .. stages.SelectMany(PartsOf),
        .. stages.Skip(1).Select(stage => new ConfigPart(stage, PixelStage.NoisingPart)),
    ];

    private static IEnumerable<ModelPart> PartsOf(ModelFolder stage) =>
    [
        NetworkPart.Of(stage, PixelStage.UNetPart, PixelStage.UNetOf, (config, placement) => new UNet2DConditionModel(config, placement)),
        new ConfigPart(stage, PixelStage.SchedulerPart),
    ];

    private ModelDescription Describe(int layerCount, int stageCount) => new()
    {
        Family = Name,
        Encoders =
        [
            new EncoderDescription(DeepFloydIFParts.TextEncoderPart, EncoderKind.T5, layerCount, HasFinalNorm: true)
            {
                Mask = EncoderMask.Padding,
            },
        ],
        Reads = [new EncoderRead(Encoder: 0, layerCount, Normed: true, ReadPositions.All)],
        StageCount = stageCount,
        HasStages = true,
        DefaultGuidance = Guidance,
        DefaultSuperResolution = stageCount > 1 ? new SuperResolutionSettings() : null,
    };
}
