using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;
using static DiffusionLens.Families.StableDiffusion3.StableDiffusion3Parts;

namespace DiffusionLens.Families.StableDiffusion3;

/// <summary>
/// Stable Diffusion 3 and 3.5: the denoiser reads the last but one state of two CLIPs, not normed, side by side, below it the last of T5,
/// normed; and the CLIPs' pooled vectors. T5 may be absent.
/// </summary>
internal sealed class StableDiffusion3Family : ModelFamily
{
    // diffusers' own; the authors take less for some models (3.5 to 4.5 for SD 3.5).
    private const double Scale = 7;
    private const int Steps = 28;

    private static readonly string[] Flows = ["flow_match_euler", "flow_match_heun"];

    private static readonly SequenceLength Length = new(Default: 256, Largest: 512);

    public override string Name => "Stable Diffusion 3";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["StableDiffusion3Pipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        int[] clips = [.. Clips.Select(part => LayerCountOf(folder, part))];
        int[] t5 = [.. T5Of(folder).Select(part => LayerCountOf(folder, part.Name, "num_layers"))];
        string sampler = FlowSamplerOf(folder, Flows);
        return new ModelDescription
        {
            Family = Name,
            Encoders =
            [
                .. Clips.Zip(clips, (part, layers) => Encoder(part.Name, EncoderKind.Clip, layers, EncoderMask.Causal)),
                .. T5Of(folder).Zip(t5, (part, layers) => Encoder(part.Name, EncoderKind.T5, layers, EncoderMask.None)),
            ],
            Reads =
            [
                .. clips.Select((layers, index) => new EncoderRead(index, layers - 1, Normed: false, ReadPositions.All)),
                .. t5.Select(layers => new EncoderRead(Clips.Count, layers, Normed: true, ReadPositions.All)),
            ],
            Joining = "the CLIPs side by side, filled up with zeros to T5's width; below them the rows of T5, zeros where there is none",
            PooledReads = [.. clips.Select((layers, index) => new EncoderRead(index, layers, Normed: true, ReadPositions.Pooled))],
            CarriesTextRows = true,
            SequenceLength = Length,
            Samplers = FlowSamplers(Flows, sampler),
            OwnSampler = new OwnSampler(sampler, Steps),
            DefaultGuidance = Scale,
        };

        static EncoderDescription Encoder(string name, EncoderKind kind, int layers, EncoderMask mask)
            => new(name, kind, layers, HasFinalNorm: true) { Mask = mask };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => new StableDiffusion3Pipeline(Describe(stages), new StableDiffusion3Parts(stages[0], options, Length));

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Clips.SelectMany(part => part.Parts(folder)),
            .. T5Of(folder).SelectMany(part => part.Parts(folder)),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new SD3Transformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, VaeOf, (config, placement) => new AutoencoderKL(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }
}
