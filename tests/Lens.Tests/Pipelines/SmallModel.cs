using System.Collections.Concurrent;
using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Tests.Pipelines;

/// <summary>The reference's small pipelines; each is loaded once for all tests.</summary>
internal static class SmallModel
{
    public const string Prompt = "a red circle and a blue square";

    public static readonly string[] Names = ["sd1", "sd2"];

    private static readonly ConcurrentDictionary<(string, ScalarType), Lazy<TextToImageModel>> Loaded = [];

    public static TextToImageModel Load(string pipeline, ScalarType dtype)
        => Loaded.GetOrAdd(
            (pipeline, dtype),
            _ => new(() => TextToImageModel.Load(Reference.PathOf(pipeline), new LoadOptions(dtype)))).Value;
}
