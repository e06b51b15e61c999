using DiffusionLens.Pipelines;
using DiffusionLens.Weights;

namespace DiffusionLens.Families.StableDiffusion;

/// <summary>
/// Stable Diffusion XL: the denoiser reads the last but one state of two CLIP text encoders side by side, without a norm, and the second's
/// pooled vector.
/// </summary>
internal sealed class StableDiffusionXLFamily : ModelFamily
{
    // What its authors and diffusers take.
    private const double Guidance = 5;

    private const string Pipeline = "StableDiffusionXLPipeline";

    private static readonly ClipPart[] Texts =
        [new("text_encoder", "tokenizer"), new("text_encoder_2", "tokenizer_2", HasProjection: true)];

    public override string Name => "Stable Diffusion XL";

    internal override IReadOnlyList<string> PipelineClasses { get; } = [Pipeline];

    /// <summary>Whether a folder is of this family.</summary>
    public static bool Is(ModelFolder folder) => folder.PipelineClass == Pipeline;

    /// <summary>
    /// Whether zeros, not the empty prompt, stand for a negative prompt that is not given; the pipeline's default is that they do.
    /// </summary>
    public static bool ZeroesAbsentNegative(ModelFolder folder)
        => Is(folder) && folder.Flag("force_zeros_for_empty_prompt", defaultValue: true);

    internal override ModelDescription Describe(IReadOnlyList<ModelFolder> stages)
    {
        OwnSampler? own = DistilledSampler.Of(stages[0]);
        int[] blocks = [.. Texts.Select(text => LayerCountOf(stages[0], text))];
        return new()
        {
            Family = Name,
            Encoders =
            [
                .. from text in Texts.Zip(blocks)
                   select new EncoderDescription(text.First.Name, EncoderKind.Clip, text.Second, HasFinalNorm: true)
                   {
                       Mask = EncoderMask.Causal,
                   },
            ],
            Reads = [.. blocks.Select((count, encoder) => new EncoderRead(encoder, count - 1, Normed: false, ReadPositions.All))],
            PooledReads = [new EncoderRead(Encoder: 1, blocks[1], Normed: true, ReadPositions.Pooled)],
            OwnSampler = own,
            SamplerDoubt = DistilledSampler.DoubtOf(own),
            DefaultGuidance = own is null ? Guidance : 0,
        };
    }

    internal override TextToImageModel Load(IReadOnlyList<ModelFolder> stages, LoadOptions options)
        => new StableDiffusionPipeline(Describe(stages), new StableDiffusionParts(stages[0], Texts, options));

    internal override IEnumerable<ModelPart> Parts(IReadOnlyList<ModelFolder> stages)
        => [.. Texts.SelectMany(text => text.Parts(stages[0])), .. StableDiffusionParts.Others(stages[0])];
}
