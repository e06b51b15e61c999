using DiffusionLens.Autoencoders;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.TextEncoders;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.StableDiffusion3;

/// <summary>The parts of a Stable Diffusion 3 folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class StableDiffusion3Parts : JointTransformerParts<SD3TransformerConfig, SD3Transformer2DModel>
{
    /// <summary>Both CLIPs.</summary>
    public static readonly IReadOnlyList<ClipPart> Clips =
    [
        new ClipPart("text_encoder", "tokenizer", HasProjection: true),
        new ClipPart("text_encoder_2", "tokenizer_2", HasProjection: true),
    ];

    private static readonly T5Part T5 = new("text_encoder_3", "tokenizer_3");

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public StableDiffusion3Parts(ModelFolder folder, LoadOptions options, SequenceLength length)
        : this(folder, options, length, DenoiserOf(folder), VaeOf(folder))
    {
    }

    private StableDiffusion3Parts(
        ModelFolder folder, LoadOptions options, SequenceLength length, SD3TransformerConfig transformer, AutoencoderKLConfig vae)
        : base(
            folder,
            options,
            length,
            Fitting(folder, transformer, vae),
            at => new SD3Transformer2DModel(transformer, at),
            vae,
            at => new AutoencoderKL(vae, at))
    {
        TextEncoders =
        [
            .. Clips.Select(part => ClipPromptEncoder.Read(folder, part, Placement, options)),
            .. T5Of(folder).Select(part => T5PromptEncoder.Read(folder, part, TextLength, Placement, options.Variant)),
        ];
        folder.RequireOneLength([.. TextEncoders.Take(Clips.Count).Select(encoder => encoder.Length)]);
    }

    /// <summary>How many rows the CLIPs write side by side.</summary>
    public int ClipLength => TextEncoders[0].Length;

    public IReadOnlyList<PromptEncoder> TextEncoders { get; }

    /// <summary>T5 where the folder has it.</summary>
    public static IReadOnlyList<T5Part> T5Of(ModelFolder folder) => folder.Has(T5.Name) ? [T5] : [];

    public static SD3TransformerConfig DenoiserOf(ModelFolder folder)
        => SD3TransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    private static SD3TransformerConfig Fitting(ModelFolder folder, SD3TransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(SD3Transformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKL));
        ClipTextConfig[] clips = [.. Clips.Select(part => part.Config(folder))];
        int clipWidth = clips.Sum(clip => clip.Width), pooledWidth = clips.Sum(clip => clip.ProjectionWidth);
        folder.RequireFit(
            transformer.TextWidth >= clipWidth,
            $"the transformer reads text of width {transformer.TextWidth}, both CLIPs together write {clipWidth}");
        folder.RequireFit(
            transformer.PooledWidth == pooledWidth,
            $"the transformer reads a pooled vector of width {transformer.PooledWidth}, both CLIPs together write {pooledWidth}");
        foreach (T5Part part in T5Of(folder))
        {
            int width = part.Config(folder).Width;
            folder.RequireFit(
                transformer.TextWidth == width,
                $"the transformer reads text of width {transformer.TextWidth}, {part.Name} writes {width}");
        }

        folder.RequireFit(
            transformer.InChannels == autoencoder.LatentChannels && transformer.OutChannels == autoencoder.LatentChannels,
            $"the transformer reads {transformer.InChannels} and writes {transformer.OutChannels} channels, the vae has "
            + $"{autoencoder.LatentChannels}");
        return transformer;
    }
}
