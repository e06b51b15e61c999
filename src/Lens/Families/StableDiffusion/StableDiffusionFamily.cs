using DiffusionLens.Pipelines;
using DiffusionLens.Weights;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>Stable Diffusion 1.x and 2.x: the denoiser reads the last state of one CLIP text encoder, normed.</summary>
internal sealed class StableDiffusionFamily : ModelFamily
{
    // What its authors and diffusers take.
    private const double Guidance = 7.5;

    private static readonly ClipPart Text = new("text_encoder", "tokenizer");

    public override string Name => "Stable Diffusion";

    internal override IReadOnlyList<string> PipelineClasses { get; } = ["StableDiffusionPipeline"];

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        OwnSampler? own = DistilledSampler.Of(stages[0]);
        int layerCount = LayerCountOf(stages[0], Text);
        return new()
        {
            Family = Name,
            Encoders = [new EncoderDescription(Text.Name, EncoderKind.Clip, layerCount, HasFinalNorm: true) { Mask = EncoderMask.Causal }],
            Reads = [new EncoderRead(Encoder: 0, layerCount, Normed: true, ReadPositions.All)],
            OwnSampler = own,
            SamplerDoubt = DistilledSampler.DoubtOf(own),
            DefaultGuidance = own is null ? Guidance : 0,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => new StableDiffusionPipeline(Describe(stages), new StableDiffusionParts(stages[0], [Text], options));

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
        => [.. Text.Parts(stages[0]), .. StableDiffusionParts.Others(stages[0])];

    internal override IEnumerable<string> Assumptions(IReadOnlyList<ModelFolder> stages) => StableDiffusionParts.Assumptions(stages[0]);
}
