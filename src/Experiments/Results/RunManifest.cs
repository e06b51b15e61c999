using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    private const string StagesName = "stages";

    private static readonly string Unhashed = new('0', 2 * SHA256.HashSizeInBytes);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>
    /// The command that makes the results again, as a POSIX shell takes it, with nothing in it that is of one machine; null where there was
    /// none, or an earlier version of this program wrote this.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

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

    /// <summary>
    /// What recognizers looked for when they gave the answers that are there, by question, as it stands under <c>sees</c> of the spec; null
    /// where nothing was asked with it yet, or an earlier version of this program wrote this.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Sees { get; init; }

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

    /// <summary>Hash of what the plan was made from, as far as it stands here.</summary>
    [JsonIgnore]
    public string PlannedFrom => Fingerprint.Of(Spec, Prompts, Layers, Seeds);

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>
    /// How many threads images were computed on; several numbers where the run was gone on with on another one. Sums are taken in another
    /// order then, and a pixel can differ by a level. Null where it is not known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Threads { get; init; }

    /// <summary>What was done, by the stage's name.</summary>
    public required IReadOnlyDictionary<string, StageRecord> Stages { get; init; }

    /// <summary>Hash of this file, with zeros where the hash stands; null where an earlier version of this program wrote it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ManifestSha256 { get; init; }

    /// <summary>
    /// This, of images that another run made: what it says of them is as that one noted it. Where they look and what was done to prompts
    /// is not changed, since images of another site have other names.
    /// </summary>
    /// <param name="maker">The manifest of that run.</param>
    public RunManifest WithImagesOf(RunManifest maker) => this with
    {
        Model = maker.Model,
        ModelPlace = maker.ModelPlace,
        Assumed = maker.Assumed,
        Sampler = maker.Sampler,
        SamplerNote = maker.SamplerNote,
        Dtype = maker.Dtype,
        Device = maker.Device,
        Variant = maker.Variant,
        MaxSequenceLength = maker.MaxSequenceLength,
        Instruction = maker.Instruction,
        SoftCapping = maker.SoftCapping,
        CleanText = maker.CleanText,
        Versions = new Dictionary<string, string>(Versions) { ["torchsharp"] = maker.Versions.GetValueOrDefault("torchsharp", "") },
        Machine = maker.Machine,
    };

    /// <summary>
    /// Reads the manifest of a results folder; null where there is none that this program wrote, or it is not as it was written. Stages
    /// that are not written as stages are left out: they were not done.
    /// </summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static RunManifest? Read(ResultsFolder folder)
    {
        if (FileStatus.Of(folder.Manifest).Kind != FileKind.File)
        {
            return null;
        }

        byte[] bytes = Utf8Text.ReadBytes(folder.Manifest);
        try
        {
            string text = StrictUtf8.GetString(bytes);
            if (JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is not JsonObject root)
            {
                return null;
            }

            if (root[StagesName] is JsonObject stages)
            {
                root[StagesName] = new JsonObject(
                    stages.Where(stage => IsStage(stage)).Select(stage => KeyValuePair.Create(stage.Key, stage.Value?.DeepClone())));
            }

            RunManifest manifest = root.Deserialize<RunManifest>(Json)!;
            return manifest.ManifestSha256 is null || manifest.ManifestSha256 == HashOf(text, manifest.ManifestSha256)
                ? manifest
                : null;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException)
        {
            // Of another version of the program, or damaged: all that is lost is that stages of seconds are done again.
            return null;
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public void Write(ResultsFolder folder)
    {
        string text = JsonSerializer.Serialize(this with { ManifestSha256 = Unhashed }, Json) + "\n";
        AtomicFile.WriteText(folder.Manifest, text.Replace(Unhashed, HashOf(text, Unhashed), StringComparison.Ordinal));
    }

    private static string HashOf(string text, string hash) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Replace(hash, Unhashed, StringComparison.Ordinal))));

    private static bool IsStage(KeyValuePair<string, JsonNode?> stage)
    {
        try
        {
            return Enum.GetValues<Stage>().Any(known => known.Name() == stage.Key)
                && stage.Value.Deserialize<StageRecord>(Json) is { IsSound: true };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>A file or folder that went in.</summary>
/// <param name="Sha256">Hash of its content.</param>
internal sealed record NamedHash(string Name, string Sha256);

/// <summary>A stage that was done, or begun.</summary>
/// <param name="Done">False where it was cut off.</param>
/// <param name="Inputs">Hash of all that it is done from.</param>
/// <param name="Seconds">Wall time, over all the runs that it took.</param>
/// <param name="Files">The files it left; none are named for images, which say themselves what they are.</param>
internal sealed record StageRecord(bool Done, string Inputs, double Seconds, IReadOnlyList<StageFile> Files)
{
    private const double LongestSeconds = 1e9;

    /// <summary>Whether it says what a stage can have done.</summary>
    [JsonIgnore]
    public bool IsSound => Seconds is >= 0 and <= LongestSeconds && Files.All(file => file is { IsSound: true });

    /// <summary>What is not as the stage left it: each file with what is wrong with it, as the end of a sentence.</summary>
    public IEnumerable<string> Damage(ResultsFolder folder) =>
        Files.Select(file => (file.Path, Damage: file.DamageIn(folder))).Where(file => file.Damage is not null)
            .Select(file => $"{file.Path} {file.Damage}");
}
