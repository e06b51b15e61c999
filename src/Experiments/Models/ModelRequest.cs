using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;

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

    /// <summary>What stands before prompts, where the family has such a thing; null: nothing.</summary>
    public string? Instruction { get; init; }

    /// <summary>Whether attention is soft-capped where the text encoder was trained so.</summary>
    public bool SoftCapping { get; init; }

    public const string DefaultModel = "mini-sd";
    public const string DefaultDevice = "cpu";
    public const string DefaultDType = "float32";

    /// <summary>What is said of a model in a single file; null: nothing.</summary>
    public SingleFileOptions? SingleFile { get; init; }

    /// <summary>The types that a model can be computed in.</summary>
    public static readonly string[] DTypes = ["float64", "float32", "bfloat16", "float16"];

    /// <summary>Says so where the type takes many times as long as another that gives better images.</summary>
    /// <param name="error">Where to.</param>
    public void TellCost(TextWriter error)
    {
        if (DType == "float16" && Device == DefaultDevice)
        {
            error.WriteLine(
                "--dtype float16: takes about 15 times as long as float32 on a CPU; take float32, or bfloat16 where memory is short");
        }
    }
}
