using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small PixArt-Sigma and PixArt-Alpha. They are not for several threads, so each test loads its own.</summary>
internal static class SmallPixArt
{
    /// <summary>Tokens that are read of a prompt in the reference files: of Sigma, of Alpha.</summary>
    public const int Length = 40, AlphaLength = 24;

    /// <summary>How the reference's images were made.</summary>
    public static SamplerSettings Settings { get; } = new() { Steps = 5, Guidance = 4.5, Height = 32, Width = 32 };

    public static TextToImageModel Load(ScalarType dtype = ScalarType.Float64)
        => TextToImageModel.Load(Reference.PathOf(Reference.PixArt), new LoadOptions(dtype, MaxSequenceLength: Length));

    public static TextToImageModel LoadAlpha(TemporaryFolder folder, ScalarType dtype = ScalarType.Float64)
        => TextToImageModel.Load(folder.Path, new LoadOptions(dtype, MaxSequenceLength: AlphaLength));

    /// <summary>PixArt-Alpha's folder: the other transformer, the other pipeline.</summary>
    public static TemporaryFolder Alpha()
    {
        TemporaryFolder folder = SmallFlow.Copy(Reference.PixArt);
        Directory.Delete(folder["transformer"], recursive: true);
        Directory.Move(folder["transformer_alpha"], folder["transformer"]);
        SmallCascade.Change(folder, "model_index.json", "_class_name", "\"PixArtAlphaPipeline\"");
        SmallCascade.Change(folder, "model_index.json", "transformer", """["diffusers", "PixArtTransformer2DModel"]""");
        return folder;
    }
}
