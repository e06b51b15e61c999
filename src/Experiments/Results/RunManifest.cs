using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Files;
using Experiments.Specs;

namespace Experiments.Results;

/// <summary>
/// <c>manifest.json</c>: what made the results beside it. Also how a later run knows which stages need not be done again.
/// </summary>
internal sealed record RunManifest
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public required NamedHash Spec { get; init; }

    public required NamedHash Lexicon { get; init; }

    public required NamedHash Model { get; init; }

    /// <summary>Where the model is: its folder or those of its stages, or that it is the tool's own.</summary>
    public required string ModelPlace { get; init; }

    /// <summary>Of a model in a single file: what it does not say, and what was taken instead; null for folders.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Assumption>? Assumed { get; init; }

    /// <summary>Who answers, the main one first.</summary>
    public required IReadOnlyList<string> Annotators { get; init; }

    public required SamplerSpec Sampler { get; init; }

    /// <summary>Whose sampler it is and what it is in place of, where the model is not sampled as the experiment has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SamplerNote { get; init; }

    public required string Dtype { get; init; }

    public required string Device { get; init; }

    /// <summary>Which of the model's weights were taken; null: those without a name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Variant { get; init; }

    /// <summary>How many tokens of a prompt are read; null: as many as the model's pipeline takes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxSequenceLength { get; init; }

    /// <summary>Which instruction stands before prompts, where the family's pipeline has one; null: it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instruction { get; init; }

    /// <summary>Whether attention is soft-capped, where the text encoder was trained so; null: it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SoftCapping { get; init; }

    /// <summary>Where every condition looks, whatever the spec says, as a part of a site's key; null: as the spec says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Site { get; init; }

    /// <summary>What is done to masks, length and padding of every prompt, whatever the spec says; null: as the spec says.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>What was done to prompts before CLIP's tokenizer read them; null: nothing that changed tokens of any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CleanText { get; init; }

    public required int Prompts { get; init; }

    public required IReadOnlyList<int> Layers { get; init; }

    public required IReadOnlyList<ulong> Seeds { get; init; }

    public required int Images { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>What was done, by the stage's name.</summary>
    public required IReadOnlyDictionary<string, StageRecord> Stages { get; init; }

    /// <summary>Reads the manifest of a results folder; null where there is none that this program wrote.</summary>
    /// <exception cref="BadInputException">It is there and cannot be read.</exception>
    public static RunManifest? Read(ResultsFolder folder)
    {
        try
        {
            return FileStatus.Of(folder.Manifest).Kind == FileKind.File
                ? JsonSerializer.Deserialize<RunManifest>(Utf8Text.ReadBytes(folder.Manifest), Json)
                : null;
        }
        catch (JsonException)
        {
            // Of another version of the program: all that is lost is that stages of seconds are done again.
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public void Write(ResultsFolder folder) => AtomicFile.WriteText(folder.Manifest, JsonSerializer.Serialize(this, Json) + "\n");
}

/// <summary>A file or folder that went in.</summary>
/// <param name="Sha256">Hash of its content.</param>
internal sealed record NamedHash(string Name, string Sha256);

/// <summary>A stage that was done, or begun.</summary>
/// <param name="Done">False where it was cut off.</param>
/// <param name="Inputs">Hash of all that it is done from.</param>
/// <param name="Seconds">Wall time, over all the runs that it took.</param>
/// <param name="Files">The files it left, below the results folder; none are named for images.</param>
internal sealed record StageRecord(bool Done, string Inputs, double Seconds, IReadOnlyList<string> Files);
