using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>How a model is loaded.</summary>
/// <param name="DType">
/// The type of its weights and of what is computed with them: float64, float32, bfloat16 or float16. Samplers work in float32 at least,
/// and an autoencoder that would overflow in float16 (<c>force_upcast</c>) is held in float32.
/// </param>
/// <param name="Device">Where it runs; null: the CPU.</param>
/// <param name="Variant">Which files are taken where a part has several (<c>fp16</c> for <c>*.fp16.safetensors</c>).</param>
/// <param name="MaxSequenceLength">
/// How many tokens of a prompt are read, by families that leave the choice (<see cref="Families.ModelDescription.SequenceLength"/>); null:
/// as many as their pipelines take.
/// </param>
/// <param name="SingleFile">What is known of a model in a single file that the file does not say.</param>
public sealed record LoadOptions(
    ScalarType DType = ScalarType.Float32,
    Device? Device = null,
    string? Variant = null,
    int? MaxSequenceLength = null,
    SingleFileOptions? SingleFile = null)
{
    /// <summary>What is done to prompts before CLIP's tokenizers read them.</summary>
    public TextCleaning Cleaning { get; init; }

    /// <summary>
    /// What stands before a prompt, with nothing between, in families whose pipelines bring such a text along
    /// (<see cref="Families.ModelDescription.Instruction"/>); null: nothing, so that prompts are read in the plain form.
    /// </summary>
    public string? Instruction { get; init; }

    /// <summary>
    /// Whether scores of attention are soft-capped where the text encoder was trained so
    /// (<see cref="Families.ModelDescription.SoftCap"/>); diffusers leaves it out.
    /// </summary>
    public bool SoftCapping { get; init; }
}
