using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;
using static DiffusionLens.Families.PixArt.PixArtParts;

namespace DiffusionLens.Families.PixArt;

/// <summary>
/// PixArt-Sigma and PixArt-Alpha: the denoiser reads the last state of one T5, normed, and is handed the mask. The two differ in how many
/// tokens they read; whether the denoiser is told the image's size, its config says.
/// </summary>
internal sealed class PixArtFamily : ModelFamily
{
    // diffusers' own.
    private const double Guidance = 4.5;
    private const int LargestLength = 512;

    private readonly string _pipelineClass;
    private readonly SequenceLength _length;

    private PixArtFamily(string name, string pipelineClass, int length)
        => (Name, _pipelineClass, _length) = (name, pipelineClass, new SequenceLength(length, LargestLength));

    /// <summary>PixArt-Sigma (arXiv 2403.04692).</summary>
    public static PixArtFamily Sigma { get; } = new("PixArt-Sigma", "PixArtSigmaPipeline", length: 300);

    /// <summary>PixArt-Alpha (arXiv 2310.00426).</summary>
    public static PixArtFamily Alpha { get; } = new("PixArt-Alpha", "PixArtAlphaPipeline", length: 120);

    public override string Name { get; }

    internal override IReadOnlyList<string> PipelineClasses => [_pipelineClass];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        OwnSampler? own = DistilledSampler.OfConsistency(stages[0]);
        int layers = LayerCountOf(stages[0], Text.Name, "num_layers");
        return new ModelDescription
        {
            Family = Name,
            Encoders = [new EncoderDescription(Text.Name, EncoderKind.T5, layers, HasFinalNorm: true) { Mask = EncoderMask.Padding }],
            Reads = [new EncoderRead(Encoder: 0, layers, Normed: true, ReadPositions.All)],
            MasksPadding = true,
            CanDropRows = true,
            SequenceLength = _length,
            BinnedSide = PixArtParts.BinnedSideOf(stages[0]),
            OwnSampler = own,
            DefaultGuidance = own is null ? Guidance : 0,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => new PixArtPipeline(Describe(stages), new PixArtParts(stages[0], options, _length));

    private protected override IEnumerable<IEnumerable<NetworkPart>> Together(IReadOnlyList<NetworkPart> networks)
        => EncodersThenDenoiser(networks);

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
    {
        ModelFolder folder = stages[0];
        return
        [
            .. Text.Parts(folder),
            NetworkPart.Of(folder, TransformerPart, DenoiserOf, (config, placement) => new PixArtTransformer2DModel(config, placement)),
            NetworkPart.Of(folder, AutoencoderPart, VaeOf, (config, placement) => new AutoencoderKL(config, placement)),
            new ConfigPart(folder, SchedulerConfig.Part),
        ];
    }

    internal override IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages)
    {
        PixArtTransformerConfig denoiser = DenoiserOf(stages[0]);
        yield return $"{Text.Tokenizer}: prompts are lower-cased and stripped, as with clean_caption off; the pipeline's own default is on";
        yield return "size: images are drawn at the size that is asked for, as with use_resolution_binning off; the pipeline's own default "
            + "is on (--resolution-binning on)";
        if (denoiser.ReadsSize && (_pipelineClass != Alpha._pipelineClass || denoiser.SampleSize != PixArtTransformerConfig.SizedSide))
        {
            yield return $"{TransformerPart}: it is told the image's size (use_additional_conditions); diffusers' {_pipelineClass} would "
                + $"not tell it with a sample_size of {denoiser.SampleSize}, and stop";
        }
    }
}
