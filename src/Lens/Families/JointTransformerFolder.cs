using DiffusionLens.Autoencoders;
using DiffusionLens.Pipelines;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>A folder of a model whose denoiser is a transformer, but for its text encoders and their tokenizers.</summary>
internal static class JointTransformerFolder
{
    /// <summary>The names of the parts.</summary>
    public const string TransformerPart = "transformer", AutoencoderPart = "vae";

    /// <exception cref="BadInputException">The config is missing, damaged or not supported.</exception>
    public static AutoencoderKLConfig VaeOf(ModelFolder folder)
        => AutoencoderKLConfig.Parse(folder.Config(AutoencoderPart), folder.ConfigPath(AutoencoderPart));

    /// <exception cref="BadInputException">The transformer is not for states of that width.</exception>
    public static void RequireTextWidth(ModelFolder folder, int read, int written)
        => folder.RequireFit(read == written, $"the transformer reads text of width {read}, the text encoder has {written}");

    /// <exception cref="BadInputException">The transformer is not for latents of so many channels.</exception>
    public static void RequireLatentChannels(ModelFolder folder, int read, int written)
        => folder.RequireFit(read == written, $"the transformer reads {read} channels, the vae has {written}");
}
