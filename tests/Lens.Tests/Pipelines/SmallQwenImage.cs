using DiffusionLens.Denoisers;
using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small Qwen-Image. It is not for several threads, so each test loads its own.</summary>
internal static class SmallQwenImage
{
    public const string Folder = "qwen_image";

    /// <summary>How the reference's images were made.</summary>
    public static readonly SamplerSettings Settings = new() { Steps = 5, Guidance = 4, Height = 32, Width = 32 };

    public static TextToImageModel Load(ScalarType dtype = ScalarType.Float64, int? length = null)
        => LoadFolder(Reference.PathOf(Folder), dtype, length);

    public static TextToImageModel LoadFolder(string folder, ScalarType dtype = ScalarType.Float64, int? length = null)
        => TextToImageModel.Load(folder, new LoadOptions(dtype, MaxSequenceLength: length));

    /// <summary>An image's latents as the reference has them, <c>[1, T, 4 C]</c>.</summary>
    public static Tensor Tokens(LensImage image) => PackedLatents.Of(image.Latents.unsqueeze(0));

    /// <summary>The model's own image of a prompt.</summary>
    public static LensImage Own(
        TextToImageModel model, string prompt = SmallModel.Prompt, string? negative = "", SamplerSettings? settings = null, ulong seed = 0)
    {
        Lens lens = new(model);
        using PromptEncoding encoding = lens.Encode(prompt, negative);
        return Assert.Single(lens.Images(encoding, [new LensSite(model.LayerCount)], [seed], settings ?? Settings));
    }
}
