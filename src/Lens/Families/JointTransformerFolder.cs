using DiffusionLens.Autoencoders;
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
}
