using DiffusionLens.Families;

namespace Experiments.Import;

/// <summary>A model of the paper, of which there are answers and no images.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="InFileNames">Its name in the release.</param>
/// <param name="LastLayer">L of its text encoder.</param>
/// <param name="Encoder">The kind of its text encoder.</param>
internal sealed record ReleaseModel(string Name, string InFileNames, int LastLayer, EncoderKind Encoder, string Description)
{
    /// <summary>DeepFloyd IF and Stable Diffusion 2.1.</summary>
    public static readonly IReadOnlyList<ReleaseModel> All =
    [
        new("paper-df", "df", 24, EncoderKind.T5, "DeepFloyd IF (T5-XXL), the paper's own answers"),
        new("paper-sd", "sd", 23, EncoderKind.Clip, "Stable Diffusion 2.1 (OpenCLIP ViT-H), the paper's own answers"),
    ];
}
