using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;
using static DiffusionLens.Families.QwenImage.QwenImageParts;

namespace DiffusionLens.Families.QwenImage;

/// <summary>
/// Qwen-Image: the denoiser reads the last block of Qwen2.5-VL's language part through its final norm, without the head of a template that
/// the pipeline writes around every prompt.
/// </summary>
internal sealed class QwenImageFamily : ModelFamily
{
    // diffusers' own.
    private const double Guidance = 4;
    private const int Steps = 50;

    // Others cannot follow the pipeline's own schedule.
    private static readonly string[] Flows = ["flow_match_euler"];

    private static readonly SequenceLength Length = new(Default: 512, Largest: 1024);

    public override string Name => "Qwen-Image";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["QwenImagePipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        int layers = Text.Config(folder).LayerCount;
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                new EncoderDescription(Text.Name, Text.Kind, layers, HasFinalNorm: true)
                {
                    Mask = EncoderMask.Causal,
                    HasTemplate = true,
                },
            ],
            CanDropRows = true,
            CarriesTextRows = true,
            KnowsTextPositions = true,
            Reads = [new EncoderRead(Encoder: 0, layers, Normed: true, ReadPositions.Kept)],
            SequenceLength = Length,
            Samplers = FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, Steps),
            DefaultGuidance = Guidance,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
    {
        ModelDescription description = Describe(stages);
        return new QwenImagePipeline(description, new QwenImageParts(stages[0], options, description));
    }

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Text.Parts(folder, () => Text.Config(folder).LayerCount),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new QwenImageTransformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, QwenImageVaeOf, (config, placement) => new AutoencoderKLQwenImage(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }

    internal override IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        yield return $"{Text.Tokenizer}: every prompt stands in the pipeline's own template, whose first {Text.Template.Dropped} tokens "
            + "are dropped after encoding; the folder's chat_template is not used";
        int head = Text.ReadTokenizer(folder, Length.Default).Ids(Text.Template.Before).Count();
        if (head != Text.Template.Dropped)
        {
            yield return $"{Text.Tokenizer}: what stands before the prompt has {head} tokens; {Text.Template.Dropped} are dropped "
                + "whatever they are, as the pipeline does it";
        }

        if (new ConfigReader(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart)).Flag("guidance_embeds", false))
        {
            yield return $"{TransformerPart}: guidance_embeds is true, which adds nothing to this class";
        }
    }
}
