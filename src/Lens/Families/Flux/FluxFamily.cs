using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.Flux.FluxParts;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.Flux;

/// <summary>
/// FLUX.1: the denoiser reads the last state of T5, normed, and what CLIP pools. Of both published models one is told the scale of guidance
/// (dev), the other was distilled to a few steps without (schnell).
/// </summary>
internal sealed class FluxFamily : ModelFamily
{
    // dev: diffusers' own. schnell: its authors'.
    private const double DevScale = 3.5;
    private const int DevSteps = 28, SchnellSteps = 4;

    // Others cannot follow the pipeline's own schedule.
    private static readonly string[] Flows = ["flow_match_euler"];

    private static readonly SequenceLength DevLength = new(Default: 512, Largest: 512), SchnellLength = new(Default: 256, Largest: 512);

    public override string Name => "FLUX.1";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["FluxPipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        int clip = LayerCountOf(folder, Clip), t5 = LayerCountOf(folder, T5.Name, "num_layers");
        bool isDev = DenoiserOf(folder).ReadsGuidance;
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                new EncoderDescription(Clip.Name, EncoderKind.Clip, clip, HasFinalNorm: true) { Mask = EncoderMask.Causal },
                new EncoderDescription(T5.Name, EncoderKind.T5, t5, HasFinalNorm: true) { Mask = EncoderMask.None },
            ],
            Reads = [new EncoderRead(Encoder: 1, t5, Normed: true, ReadPositions.All)],
            PooledReads = [new EncoderRead(Encoder: 0, clip, Normed: true, ReadPositions.Pooled)],
            CarriesTextRows = true,
            SequenceLength = isDev ? DevLength : SchnellLength,
            Samplers = FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, isDev ? DevSteps : SchnellSteps),
            Guidance = isDev ? GuidanceKind.Embedded : GuidanceKind.None,
            DefaultGuidance = isDev ? DevScale : 0,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        ModelDescription description = Describe(stages);
        return new FluxPipeline(description, new FluxParts(stages[0], options, description.SequenceLength!));
    }

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Clip.Parts(folder),
            .. T5.Parts(folder),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new FluxTransformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, VaeOf, (config, placement) => new AutoencoderKL(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }
}
