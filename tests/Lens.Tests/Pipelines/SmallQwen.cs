using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small FLUX.2 klein and Z-Image. They are not for several threads, so each test loads its own.</summary>
internal static class SmallQwen
{
    /// <summary>Tokens that are read of a prompt in all reference files.</summary>
    public const int Length = 40;

    public static TextToImageModel Load(string pipeline, ScalarType dtype = ScalarType.Float64)
        => LoadFolder(Reference.PathOf(pipeline), dtype);

    public static TextToImageModel LoadFolder(string folder, ScalarType dtype = ScalarType.Float64)
        => TextToImageModel.Load(folder, new LoadOptions(dtype, MaxSequenceLength: Length));

    /// <summary>How the reference's images were made.</summary>
    public static SamplerSettings Settings(string pipeline)
        => new() { Steps = 5, Guidance = pipeline == "klein" ? 4 : 3, Height = 32, Width = 32 };

    public static TemporaryFolder Copy(string pipeline) => SmallFlow.Copy(pipeline);

    public static void AssertImage(LensImage made, Tensor expected, double tolerance)
        => Assert.InRange(expected.sub(made.Pixels.unsqueeze(0).to(ScalarType.Float64)).abs().max().item<double>(), 0, tolerance);
}
