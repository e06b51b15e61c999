using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using Experiments.Catalog;
using Experiments.Files;
using Experiments.Specs;

namespace Experiments.Models;

/// <summary>
/// <c>dlens.json</c> in a model's folder: what this program knows of a model besides what diffusers does. All may be left out.
/// </summary>
/// <param name="Lexicon">The name of the lexicon whose words it knows.</param>
/// <param name="Recognizer">The name of the recognizer for its images; null where people answer.</param>
/// <param name="Guidance">The scale of guidance that suits it (a cascade's first stage), 0 to 100; null: what its family's authors and
/// diffusers take.</param>
/// <param name="Clip">The CLIP that answers where the annotator <c>clip</c> is asked: a folder, also from the model's, or a name on the
/// hub; null where none is named.</param>
/// <param name="SuperResolution">How a cascade's second stage enlarges; null: as its authors and diffusers do.</param>
/// <param name="Height">Of the images that it was trained on, in pixels, 8 to 4096; null: what its pipeline makes.</param>
/// <param name="Width">Likewise.</param>
/// <param name="MaxSequenceLength">How many tokens of a prompt it was trained to read; null: as many as its pipeline takes.</param>
/// <param name="Pooled">One of <see cref="SiteWords.Pooled"/>: what pooled vectors show in experiments that do not say it; null: what the
/// model reads.</param>
internal sealed record ModelSettings(
    string Lexicon = "coco",
    string? Recognizer = null,
    string? Clip = null,
    double? Guidance = null,
    SuperResolutionSettings? SuperResolution = null,
    int? Height = null,
    int? Width = null,
    int? MaxSequenceLength = null,
    string? Pooled = null)
{
    private const string FileName = "dlens.json";

    private const int MostBytes = 64 << 10;

    /// <summary>The same as <see cref="Recognizer"/>, as the first version spelled it.</summary>
    [JsonPropertyName("recogniser")]
    public string? RecognizerOfFirstVersion { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
    };

    /// <summary>Where the notes on a model are, if it has any.</summary>
    /// <param name="model">The model's folder.</param>
    public static string FileOf(string model) => Path.Combine(model, FileName);

    /// <summary>Reads the notes on a model.</summary>
    /// <param name="model">The model's folder.</param>
    /// <exception cref="BadInputException">The file is not what it should be.</exception>
    public static ModelSettings Read(string model)
    {
        string path = FileOf(model);
        if (!File.Exists(path))
        {
            return new ModelSettings();
        }

        try
        {
            string text = Utf8Text.Decode(InputFile.ReadBytes(path, MostBytes), path);
            ModelSettings notes = JsonSerializer.Deserialize<ModelSettings>(text, Json) ?? throw new JsonException();
            RequireName(notes.Lexicon, "lexicon");
            RequireName(notes.Recognizer ?? notes.RecognizerOfFirstVersion ?? "none", "recognizer");
            Require(notes.Guidance, "guidance", 0, 100);
            Require(notes.SuperResolution?.Guidance, "superResolution's guidance", 0, 100);
            Require(notes.SuperResolution?.Steps, "superResolution's number of steps", 1, 1000);
            Require(notes.SuperResolution?.NoiseLevel, "superResolution's noise level", 0, 999);
            Require(notes.Height, "height", 8, 4096);
            Require(notes.Width, "width", 8, 4096);
            Require(notes.MaxSequenceLength, "maxSequenceLength", 1, 4096);
            if (notes.Pooled is { } pooled && !SiteWords.Pooled.ContainsKey(pooled))
            {
                throw new BadInputException(
                    $"{path}: pooled is {pooled.Quoted()}; it must be one of {string.Join(", ", SiteWords.Pooled.Keys)}");
            }

            return notes;
        }
        catch (JsonException problem)
        {
            string wrong = problem.Path is { Length: > 2 } key
                ? $"'{key[2..]}' is no key of this file, or has no such value"
                : "is not JSON";
            throw new BadInputException(
                $"{path}:{problem.LineNumber + 1 ?? 1}:{problem.BytePositionInLine + 1 ?? 1}: {wrong}; "
                    + $"it should read like {{\"lexicon\": \"mini\", \"recognizer\": \"mini-recognizer\", \"guidance\": 4}}",
                problem);
        }

        void RequireName(string name, string what)
        {
            if (name.Length == 0 || name.Any(char.IsControl))
            {
                throw new BadInputException($"{path}: the {what} has no name that could be one of a file or folder");
            }
        }

        void Require(double? number, string what, double least, double most)
        {
            if (number is not null && !(number >= least && number <= most))
            {
                throw new BadInputException(
                    FormattableString.Invariant($"{path}: the {what} is {number}; it should be a number from {least} to {most}"));
            }
        }
    }

    /// <summary>The folder of its CLIP, or the name on the hub; null where there is none.</summary>
    /// <param name="model">The model's folder.</param>
    public string? ClipOf(string model)
    {
        string? beside = Clip is null ? null : Path.GetFullPath(Path.Combine(model, "..", Clip));
        string? inside = Clip is null ? null : Path.GetFullPath(Path.Combine(model, Clip));
        return Directory.Exists(inside) ? inside : Directory.Exists(beside) ? beside : Clip;
    }

    /// <summary>The recognizer's folder: beside the model, or found as models are; null where there is none.</summary>
    /// <param name="model">The model's folder.</param>
    /// <exception cref="BadInputException">It is named and not there.</exception>
    public string? RecognizerOf(string model)
    {
        if ((Recognizer ?? RecognizerOfFirstVersion) is not string name)
        {
            return null;
        }

        string beside = Path.GetFullPath(Path.Combine(model, "..", name));
        return Directory.Exists(beside) ? beside : AssetCatalog.Models.Find(name).Path;
    }
}
