using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small SANA. It is not for several threads, so each test loads its own.</summary>
internal static class SmallSana
{
    public const string Name = "sana";

    /// <summary>Tokens that are kept of a prompt in all reference files.</summary>
    public const int Length = 28;

    /// <summary>How the reference's images were made.</summary>
    public static SamplerSettings Settings { get; } = new() { Steps = 5, Guidance = 4.5, Height = 32, Width = 32 };

    public static LoadOptions Options(ScalarType dtype = ScalarType.Float64) => new(dtype, MaxSequenceLength: Length)
    {
        Instruction = TestInstruction.Pipelines,
    };

    public static TextToImageModel Load(LoadOptions? options = null)
        => TextToImageModel.Load(Reference.PathOf(Name), options ?? Options());
}
