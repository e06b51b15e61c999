using DiffusionLens.Autoencoders;
using DiffusionLens.Configs;
using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using DiffusionLens.TextEncoders;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static DiffusionLens.Families.JointTransformerFolder;

namespace DiffusionLens.Families.Flux2Klein;

/// <summary>The parts of a FLUX.2 klein folder, known to fit each other; networks are loaded when their turn comes.</summary>
internal sealed class Flux2KleinParts : JointTransformerParts<Flux2TransformerConfig, Flux2Transformer2DModel>
{
    public static readonly Qwen3Part Text = new("text_encoder", "tokenizer", ChatTemplate.NotThinking, Pads: true);

    private static readonly int[] PublishedReads = [9, 18, 27];

    /// <exception cref="BadInputException">A part is missing, damaged or not supported, or does not fit the others.</exception>
    public Flux2KleinParts(ModelFolder folder, LoadOptions options, ModelDescription description)
        : this(folder, options, description, DenoiserOf(folder), Flux2VaeOf(folder))
    {
    }

    private Flux2KleinParts(
        ModelFolder folder,
        LoadOptions options,
        ModelDescription description,
        Flux2TransformerConfig transformer,
        AutoencoderKLFlux2Config vae)
        : base(
            folder,
            options,
            description.SequenceLength!,
            Fitting(folder, transformer, vae.Autoencoder),
            at => new Flux2Transformer2DModel(transformer, at),
            vae.Autoencoder,
            at => new AutoencoderKLFlux2(vae, at))
    {
        TextEncoder = Qwen3PromptEncoder.Read(folder, Text, description.LayerCount, TextLength, Placement, options.Variant);
    }

    public Qwen3PromptEncoder TextEncoder { get; }

    public static Flux2TransformerConfig DenoiserOf(ModelFolder folder)
        => Flux2TransformerConfig.Parse(folder.Config(TransformerPart), folder.ConfigPath(TransformerPart));

    public static AutoencoderKLFlux2Config Flux2VaeOf(ModelFolder folder)
        => AutoencoderKLFlux2Config.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    /// <summary>The blocks of the text encoder that are read, in the order in which they stand side by side.</summary>
    /// <exception cref="BadInputException">The encoder does not have them.</exception>
    public static int[] ReadsOf(ModelFolder folder)
    {
        Qwen3Config text = Text.Config(folder);
        ConfigReader config = new(folder.Config(Text.Name), folder.ConfigPath(Text.Name));
        int[] reads = config.Ints("text_encoder_out_layers", PublishedReads, 0, Most.Layers);
        return reads.Length > 0 && reads.Max() >= 1 && reads.All(layer => layer >= 0 && layer <= text.LayerCount)
            ? reads
            : throw config.Error(
                $"blocks {string.Join(", ", reads)} of the text encoder are to be read; it has {text.LayerCount} "
                + "(\"text_encoder_out_layers\" says which)");
    }

    private static Flux2TransformerConfig Fitting(ModelFolder folder, Flux2TransformerConfig transformer, AutoencoderKLConfig autoencoder)
    {
        folder.RequireClass(TransformerPart, nameof(Flux2Transformer2DModel));
        folder.RequireClass(AutoencoderPart, nameof(AutoencoderKLFlux2));
        int reads = ReadsOf(folder).Length, width = Text.Config(folder).Width;
        folder.RequireFit(
            transformer.TextWidth == reads * width,
            $"the transformer reads text of width {transformer.TextWidth}, {reads} blocks of the text encoder have {reads * width}");
        int patched = AutoencoderKLFlux2.Patch * AutoencoderKLFlux2.Patch * autoencoder.LatentChannels;
        folder.RequireFit(
            transformer.InChannels == patched && transformer.OutChannels == patched,
            $"the transformer reads {transformer.InChannels} and writes {transformer.OutChannels} values a token, the vae has {patched} in "
            + "2×2 latents");
        return transformer;
    }
}
