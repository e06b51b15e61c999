using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;
using static DiffusionLens.Families.Sana.SanaParts;

namespace DiffusionLens.Families.Sana;

/// <summary>
/// SANA (arXiv 2410.10629) and SANA 1.5: the denoiser reads the last state of Gemma 2, normed, and is handed the mask. The pipeline puts an
/// instruction before prompts, of which next to nothing is read but what it does to the prompt.
/// </summary>
internal sealed class SanaFamily : ModelFamily
{
    // diffusers' own.
    private const double Guidance = 4.5;
    private const int Steps = 20;

    // What can be sampled with a rectified flow's levels; others cannot.
    private static readonly string[] Flows = ["flow_match_euler", "flow_match_heun"];
    private static readonly string[] Solvers = ["dpmsolver++", "dpmsolver_singlestep", "unipc", "deis"];

    private static readonly SequenceLength Length = new(Default: 300, Largest: 512) { Least = 2 };

    private static readonly PipelineInstruction Own
        = new("48290080bb4fd4a264bdc81d0647ac0221359a36506e2b3e954616d6cb48c3da", "complex_human_instruction");

    public override string Name => "SANA";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["SanaPipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        Gemma2Config text = Text.Config(folder);
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                new EncoderDescription(Text.Name, EncoderKind.Gemma2, text.LayerCount, HasFinalNorm: true)
                {
                    Mask = EncoderMask.Causal | EncoderMask.Padding,
                },
            ],
            Reads = [new EncoderRead(Encoder: 0, text.LayerCount, Normed: true, ReadPositions.All)],
            MasksPadding = true,
            CanDropRows = true,
            SequenceLength = Length,
            BinnedSide = SanaParts.BinnedSideOf(folder),
            Samplers = Solvers.Contains(sampler) ? [.. Solvers, .. Flows] : FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, Steps),
            DefaultGuidance = Guidance,
            Instruction = Own,
            SoftCap = text.AttentionCap,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => new SanaPipeline(Describe(stages), new SanaParts(stages[0], options, Length), hasInstruction: options.Instruction is not null);

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Text.Parts(folder),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new SanaTransformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, DCOf, (config, placement) => new AutoencoderDC(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }

    internal override IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages)
    {
        yield return $"{Text.Tokenizer}: prompts are lower-cased and stripped, as the pipeline does it with clean_caption off, its default";
        yield return $"{Text.Tokenizer}: the pipeline puts an instruction before prompts ({Own.Parameter}), not before negative ones; it "
            + "is in no file of the model: give it with --instruction, or prompts are read in the plain form";
        if (Text.Config(stages[0]).AttentionCap is { } cap)
        {
            yield return FormattableString.Invariant(
                $"{Text.Name}: attn_logit_softcapping {cap} is left out, as diffusers runs it; --soft-capping on has it");
        }

        yield return $"{TransformerPart}: images are made at the size that is asked for; the pipeline would round it to a table of sizes "
            + "(use_resolution_binning; --resolution-binning on)";
    }
}
