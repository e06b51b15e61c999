using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;
using static DiffusionLens.Families.ZImage.ZImageParts;

namespace DiffusionLens.Families.ZImage;

/// <summary>
/// Z-Image and Z-Image-Turbo: the denoiser reads the last but one block of one Qwen3, without a norm and without padding. No file says
/// which of the two a folder is, but the schedule: Turbo, which was distilled to a few steps without guidance, publishes a shift of 3,
/// the other one of 6.
/// </summary>
internal sealed class ZImageFamily : ModelFamily
{
    // diffusers' own, and what Turbo was made for.
    private const double Guidance = 5, TurboShift = 3;
    private const int Steps = 50, TurboSteps = 8;

    // Others cannot follow the pipeline's own schedule.
    private static readonly string[] Flows = ["flow_match_euler"];

    private static readonly SequenceLength Length = new(Default: 512, Largest: 512);

    public override string Name => "Z-Image";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["ZImagePipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        int read = ReadOf(folder);
        ConfigReader scheduler = new(folder.Config(SchedulerConfig.Part), folder.ConfigPath(SchedulerConfig.Part));
        bool isTurbo = scheduler.Number("shift", 1, NumberRange.Factor) <= TurboShift;
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                new EncoderDescription(Text.Name, EncoderKind.Qwen3, read + 1, HasFinalNorm: true)
                {
                    Mask = EncoderMask.Causal,
                    HasTemplate = true,
                },
            ],
            CanDropRows = true,
            Reads = [new EncoderRead(Encoder: 0, read, Normed: false, ReadPositions.Written)],
            SequenceLength = Length,
            Samplers = FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, isTurbo ? TurboSteps : Steps),
            DefaultGuidance = isTurbo ? 0 : Guidance,
            GuidanceOffset = 1,
            LimitsGuidance = true,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        ModelDescription description = Describe(stages);
        return new ZImagePipeline(description, new ZImageParts(stages[0], options, description));
    }

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Text.Parts(folder, ReadOf(folder)),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new ZImageTransformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, VaeOf, (config, placement) => new AutoencoderKL(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }
}
