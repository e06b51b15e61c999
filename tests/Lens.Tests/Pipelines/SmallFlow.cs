using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small SD 3 and FLUX. They are not for several threads, so each test loads its own.</summary>
internal static class SmallFlow
{
    /// <summary>Tokens that T5 reads of a prompt in all reference files.</summary>
    public const int Length = 48;

    public static TextToImageModel Load(string pipeline, ScalarType dtype = ScalarType.Float64)
        => LoadFolder(Reference.PathOf(pipeline), dtype);

    public static TextToImageModel LoadFolder(string folder, ScalarType dtype = ScalarType.Float64)
        => TextToImageModel.Load(folder, new LoadOptions(dtype, MaxSequenceLength: Length));

    /// <summary>How the reference's images were made.</summary>
    public static SamplerSettings Settings(string pipeline) => pipeline == Reference.SD3
        ? new SamplerSettings { Steps = 5, Guidance = 7, Height = 32, Width = 32 }
        : new SamplerSettings { Steps = 4, Guidance = 0, Height = 32, Width = 32 };

    /// <summary>A pipeline's folder to be changed.</summary>
    public static TemporaryFolder Copy(string pipeline)
    {
        TemporaryFolder folder = new();
        foreach (string source in Directory.EnumerateFiles(Reference.PathOf(pipeline), "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Reference.PathOf(pipeline), source);
            if (!name.StartsWith("expected", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
                File.WriteAllBytes(folder[name], File.ReadAllBytes(source));
            }
        }

        return folder;
    }
}
