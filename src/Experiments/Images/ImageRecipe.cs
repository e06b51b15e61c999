using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionLens.Pipelines;
using Experiments.Plans;

namespace Experiments.Images;

/// <summary>All that determines the images of a run, but for prompt, site and seed.</summary>
internal sealed record ImageRecipe
{
    // Raised when the program computes other images than before from the same recipe, or determines them by other things.
    private const int Revision = 2;

    /// <summary>Hash of the weights that are loaded and of the configs in use.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Name of the sampler.</summary>
    public required string Scheduler { get; init; }

    /// <summary>Denoising steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Scale of classifier-free guidance.</summary>
    public required double Guidance { get; init; }

    /// <summary>Pixels; null: the model's own.</summary>
    public int? Height { get; init; }

    /// <summary>Pixels; null: the model's own.</summary>
    public int? Width { get; init; }

    /// <summary>The type that all is computed in, such as <c>float32</c>.</summary>
    public required string DType { get; init; }

    /// <summary>How a cascade's second stage enlarges; null: there is none, or it is not run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SuperResolutionSettings? SuperResolution { get; init; }

    /// <summary>How many tokens of a prompt are read; null: as many as the model's pipeline takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxSequenceLength { get; init; }

    /// <summary>What is set beside the model's own scheduler config; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SchedulerConfig { get; init; }

    /// <summary>Hash of what stands before prompts; null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? InstructionSha256 { get; init; }

    /// <summary>True where attention is soft-capped; null: it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? SoftCapping { get; init; }

    /// <summary>True where images are drawn at a size of the pipeline's table; null: at the size that is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ResolutionBinning { get; init; }

    /// <summary>Prompts and sources whose tokens the cleaning that was asked for changes, each with its name: <c>ftfy</c>.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Cleaned { get; init; } = new Dictionary<string, string>();

    /// <summary>The hash of all that determines one image: images with the same identity are the same image.</summary>
    /// <returns>32 hexadecimal digits.</returns>
    public string IdentityOf(PlannedImage image)
    {
        Determining all = new(Revision, this, image.Prompt.Text, image.Site.Key, image.Seed)
        {
            // Where cleaning changes nothing the image is the same, and so is what is hashed.
            CleanText = Cleaned.GetValueOrDefault(image.Prompt.Text) ?? Cleaned.GetValueOrDefault(image.Site.Source ?? ""),
            Handling = image.Prompt.Handling.IsNative ? null : image.Prompt.Handling.Key,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all)))[..32];
    }

    // What is hashed, in this order; what is null is not there.
    private sealed record Determining(int Revision, ImageRecipe Recipe, string Prompt, string Site, ulong Seed)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? CleanText { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Handling { get; init; }
    }
}
