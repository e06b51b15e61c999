using System.Text.Json;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>
/// A model as diffusers saves it: a folder with <c>model_index.json</c>, which names the pipeline and the class of each part, and a folder
/// for each part with its config and weights.
/// </summary>
public sealed class ModelFolder
{
    private const string IndexName = "model_index.json";

    private readonly JsonElement _index;

    private ModelFolder(string path, JsonElement index)
    {
        Path = path;
        _index = index;
        PipelineClass = index.TryGetProperty("_class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : throw new BadInputException($"{IndexPath}: has no \"_class_name\"; it should name the pipeline");
    }

    /// <summary>The folder, as it was named to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>The class of the pipeline, such as <c>StableDiffusionPipeline</c>.</summary>
    public string PipelineClass { get; }

    private string IndexPath => System.IO.Path.Combine(Path, IndexName);

    /// <summary>Opens a model's folder.</summary>
    /// <exception cref="BadInputException">It is not there, is a single file, or has no readable <c>model_index.json</c>.</exception>
    public static ModelFolder Open(string path)
    {
        if (File.Exists(path))
        {
            throw new BadInputException(
                $"{path}: is a file; a model is a folder as diffusers' save_pretrained writes it; from_single_file reads this");
        }

        if (!Directory.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such folder");
        }

        string index = System.IO.Path.Combine(path, IndexName);
        return File.Exists(index)
            ? new ModelFolder(path, ConfigFile.ReadObject(index))
            : throw new BadInputException($"{path}: has no {IndexName}; a model is a folder as diffusers' save_pretrained writes it");
    }

    /// <summary>Whether the model has a part of that name.</summary>
    public bool Has(string part) => ClassOrNull(part) is not null;

    /// <summary>Whether the model's index says <paramref name="key"/>: <c>true</c>, where most leave it out.</summary>
    internal bool Flag(string key) => new ConfigReader(_index, IndexPath).Flag(key, false);

    /// <summary>The class of a part, such as <c>UNet2DConditionModel</c> for <c>unet</c>.</summary>
    /// <exception cref="BadInputException">The model has no such part.</exception>
    public string ComponentClass(string part) =>
        ClassOrNull(part) ?? throw new BadInputException($"{IndexPath}: names no \"{part}\"; a {PipelineClass} needs it");

    /// <summary>The folder of a part.</summary>
    /// <exception cref="BadInputException">The model has no such part, or its folder is not there.</exception>
    public string PathOf(string part)
    {
        string component = ComponentClass(part), folder = System.IO.Path.Combine(Path, part);
        return Directory.Exists(folder)
            ? folder
            : throw new BadInputException($"{folder}: there is no such folder; the model's {component} should be in it");
    }

    /// <summary>The config file of a part: <c>config.json</c>, or <c>scheduler_config.json</c> of a scheduler.</summary>
    /// <exception cref="BadInputException">The model has no such part, or its folder is not there.</exception>
    public string ConfigPath(string part) =>
        System.IO.Path.Combine(
            PathOf(part),
            part.EndsWith("scheduler", StringComparison.Ordinal) ? "scheduler_config.json" : "config.json");

    /// <summary>
    /// The config of a part. Python's <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which are not JSON, come as strings.
    /// </summary>
    /// <exception cref="BadInputException">The model has no such part, or its config is not there or no JSON object.</exception>
    public JsonElement Config(string part) => ConfigFile.ReadObject(ConfigPath(part));

    /// <summary>What the index says of its pipeline besides the parts, yes or no.</summary>
    /// <exception cref="BadInputException">It is neither.</exception>
    internal bool Flag(string key, bool defaultValue) => new ConfigReader(_index, IndexPath).Flag(key, defaultValue);

    internal static bool HasIndex(string path) => File.Exists(System.IO.Path.Combine(path, IndexName));

    private string? ClassOrNull(string part) =>
        _index.TryGetProperty(part, out JsonElement pair)
        && pair.ValueKind == JsonValueKind.Array
        && pair.GetArrayLength() == 2
        && pair[1].ValueKind == JsonValueKind.String
            ? pair[1].GetString()
            : null;
}
