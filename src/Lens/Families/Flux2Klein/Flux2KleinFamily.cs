using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.Flux2Klein.Flux2KleinParts;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.Flux2Klein;

/// <summary>
/// FLUX.2 klein: the denoiser reads three inner blocks of one Qwen3 side by side, without a norm, padding included. Distilled models have
/// a few steps and no guidance.
/// </summary>
internal sealed class Flux2KleinFamily : ModelFamily
{
    // diffusers' own, and what the distilled models were made for.
    private const double Guidance = 4;
    private const int Steps = 50, DistilledSteps = 4;

    // Others cannot follow the pipeline's own schedule.
    private static readonly string[] Flows = ["flow_match_euler"];

    private static readonly SequenceLength Length = new(Default: 512, Largest: 512);

    public override string Name => "FLUX.2 klein";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["Flux2KleinPipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        int layers = Text.Config(folder).LayerCount;
        bool isDistilled = folder.Flag("is_distilled");
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                new EncoderDescription(Text.Name, EncoderKind.Qwen3, layers, HasFinalNorm: true)
                {
                    Mask = EncoderMask.Causal | EncoderMask.Padding,
                    HasTemplate = true,
                },
            ],
            CanDropRows = true,
            Reads = [.. ReadsOf(folder).Select(layer => new EncoderRead(Encoder: 0, layer, Normed: false, ReadPositions.All))],
            CarriesTextRows = true,
            KnowsTextPositions = true,
            SequenceLength = Length,
            Samplers = FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, isDistilled ? DistilledSteps : Steps),
            Guidance = isDistilled ? GuidanceKind.None : GuidanceKind.ClassifierFree,
            DefaultGuidance = isDistilled ? 0 : Guidance,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        ModelDescription description = Describe(stages);
        return new Flux2KleinPipeline(description, new Flux2KleinParts(stages[0], options, description));
    }

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Text.Parts(folder, ReadsOf(folder).Max()),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new Flux2Transformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, Flux2VaeOf, (config, placement) => new AutoencoderKLFlux2(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }
}
