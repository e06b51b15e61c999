using DiffusionLens.Tokenizers;

namespace Experiments.Models;

/// <summary>Which model to run, where and in which type, as it was asked for.</summary>
/// <param name="Model">An embedded model's name, a folder, or folders of a cascade's stages with commas between them.</param>
/// <param name="Device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="DType">One of <see cref="DTypes"/>.</param>
/// <param name="Variant">Which weights are taken where a folder has several, such as <c>fp16</c>; null: those without a name.</param>
/// <param name="MaxSequenceLength">How many tokens of a prompt are read; null: as many as the model's pipeline takes.</param>
internal sealed record ModelRequest(string Model, string Device, string DType, string? Variant = null, int? MaxSequenceLength = null)
{
    /// <summary>What is done to prompts before CLIP's tokenizers read them.</summary>
    public TextCleaning Cleaning { get; init; }

    public const string DefaultModel = "mini-sd";
    public const string DefaultDevice = "cpu";
    public const string DefaultDType = "float32";

    /// <summary>The types that a model can be computed in.</summary>
    public static readonly string[] DTypes = ["float64", "float32", "bfloat16", "float16"];
}
