using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionLens.Pipelines;
using Experiments.Plans;

namespace Experiments.Images;

/// <summary>All that determines the images of a run, but for prompt, layer (with or without the final norm) and seed.</summary>
/// <param name="ModelSha256">Hash of the model's files.</param>
/// <param name="Scheduler">Name of the sampler.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="Guidance">Scale of classifier-free guidance.</param>
/// <param name="Height">Pixels; null: the model's own.</param>
/// <param name="Width">Pixels; null: the model's own.</param>
/// <param name="DType">The type that all is computed in, such as <c>float32</c>.</param>
/// <param name="SuperResolution">How a cascade's second stage enlarges; null: there is none, or it is not run.</param>
/// <param name="Variant">Which of the folders' weights are taken; null: those without a name.</param>
public sealed record Recipe(
    string ModelSha256,
    string Scheduler,
    int Steps,
    double Guidance,
    int? Height,
    int? Width,
    string DType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SuperResolutionSettings? SuperResolution = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant = null)
{
    // Raised when the program computes other images than before from the same recipe.
    private const int Revision = 1;

    /// <summary>The hash of all that determines one image: images with the same identity are the same image.</summary>
    /// <param name="image">The image.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public string IdentityOf(PlannedImage image)
    {
        byte[] all = JsonSerializer.SerializeToUtf8Bytes(new { Revision, Recipe = this, Prompt = image.Prompt.Text, image.Layer, image.Prompt.FinalNorm, image.Seed });
        return Convert.ToHexStringLower(SHA256.HashData(all))[..32];
    }
}
