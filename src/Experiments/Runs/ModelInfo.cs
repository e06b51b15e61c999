using System.Security.Cryptography;
using Experiments.Findings;
using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Pipelines;

namespace Experiments.Runs;

/// <summary>What is known of a model before it is loaded.</summary>
/// <param name="Name">Its folder's name, or those of its stages' folders.</param>
/// <param name="Folders">Its folder, or those of its stages.</param>
/// <param name="LayerCount">L, the number of blocks of its text encoder.</param>
/// <param name="Family">The kind of its text encoder.</param>
/// <param name="Lexicon">The name of the lexicon whose words it knows.</param>
/// <param name="Recognizer">The folder of the recognizer for its images; null where people answer.</param>
/// <param name="Guidance">The scale of guidance that suits it; of a cascade's first stage.</param>
/// <param name="Stages">How many stages it makes an image in.</param>
/// <param name="HasStages">Whether it is one of those that can have several stages.</param>
/// <param name="SuperResolution">How its second stage enlarges; null where there is none.</param>
internal sealed record ModelInfo(
    string Name,
    IReadOnlyList<string> Folders,
    int LayerCount,
    TextEncoderFamily Family,
    string Lexicon,
    string? Recognizer,
    double Guidance,
    int Stages,
    bool HasStages,
    SuperResolutionSettings? SuperResolution)
{
    private static readonly string[] PartsOfIdentity = [".json", ".txt", ".model", ".safetensors"];

    /// <summary>Reads a diffusers folder, and <c>dlens.json</c> in it where that is there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="BadInputException">It is no model folder, or one that cannot be looked into.</exception>
    public static ModelInfo Read(string folder) => Read([folder]);

    /// <summary>The same for the folders of a cascade's stages; <c>dlens.json</c> is in the first.</summary>
    /// <param name="folders">The folders.</param>
    /// <exception cref="BadInputException">They are no model's folders, or cannot be looked into.</exception>
    public static ModelInfo Read(IReadOnlyList<string> folders)
    {
        string[] paths = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))];
        ModelDescription description = ModelFamily.Of(folders).Describe(folders);
        ModelSettings notes = ModelSettings.Read(paths[0]);
        return new ModelInfo(
            NameOf(paths),
            folders,
            description.LayerCount,
            FamilyOf(description),
            notes.Lexicon,
            notes.RecognizerOf(paths[0]),
            notes.Guidance ?? description.DefaultGuidance,
            description.StageCount,
            description.HasStages,
            description.DefaultSuperResolution is { } enlarging ? notes.SuperResolution ?? enlarging : null);
    }

    /// <summary>What a model is called: its name, or the last part of its folder's.</summary>
    /// <param name="model">A name or a folder.</param>
    public static string NameOf(string model) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model)));

    /// <summary>The same of a model of one or several folders.</summary>
    /// <param name="folders">The folders.</param>
    public static string NameOf(IReadOnlyList<string> folders) => string.Join('+', folders.Select(NameOf));

    private static TextEncoderFamily FamilyOf(ModelDescription model) => model.Encoders[0].Kind switch
    {
        EncoderKind.T5 => TextEncoderFamily.T5,
        _ => TextEncoderFamily.Clip,
    };

    /// <summary><see cref="Sha256Of(string)"/> of a model of several folders.</summary>
    /// <param name="folders">The folders; of one, the hash is that folder's.</param>
    public static string Sha256Of(IReadOnlyList<string> folders) =>
        folders is [string only] ? Sha256Of(only) : Fingerprint.Of([.. folders.Select(Sha256Of)]);

    /// <summary>
    /// Hash of the files that make a model: configs, vocabularies and weights, each with its place. Other files (cards, images,
    /// <c>dlens.json</c>) do not enter. Reads all of them: seconds for a model of gigabytes.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    public static string Sha256Of(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => PartsOfIdentity.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != "dlens.json")
                .OrderBy(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal),
        ];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            using FileStream stream = File.OpenRead(file);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file).Replace('\\', '/') + "\0"));
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
