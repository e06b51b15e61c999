using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights.SingleFiles;

namespace DiffusionLens.Weights;

/// <summary>
/// A model as diffusers saves it: a folder with <c>model_index.json</c>, which names the pipeline and the class of each part, and a folder
/// for each part with its config and weights. A model in a single file, in the layout of CompVis, is seen as such a folder.
/// </summary>
public sealed class ModelFolder
{
    internal const string IndexName = "model_index.json";

    private readonly JsonElement _index;
    private readonly SingleFileModel? _file;

    private ModelFolder(string path, JsonElement index, SingleFileModel? file = null)
    {
        Path = path;
        _index = index;
        _file = file;
        PipelineClass = index.TryGetProperty("_class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()!
            : throw new BadInputException($"{IndexPath}: has no \"_class_name\"; it should name the pipeline");
    }

    /// <summary>The folder: as it was named to <see cref="Open"/>, or the snapshot in the hub's cache that this stands for.</summary>
    public string Path { get; }

    /// <summary>The class of the pipeline, such as <c>StableDiffusionPipeline</c>.</summary>
    public string PipelineClass { get; }

    /// <summary>Of a single file: what it does not say and what was taken instead. Empty for a folder.</summary>
    public IReadOnlyList<Assumption> Assumed => _file?.Assumed ?? [];

    /// <summary>Of a single file: how many of its tensors the model does not take, by what they are. Empty for a folder.</summary>
    public IReadOnlyDictionary<string, int> Ignored => _file?.Ignored ?? new Dictionary<string, int>();

    /// <summary>Of a single file: the names of its parts that have weights. Empty for a folder.</summary>
    internal IEnumerable<string> WeightParts => _file?.WeightParts ?? [];

    /// <summary>Whether it is a single file, seen as the folder that it would be.</summary>
    internal bool IsSingleFile => _file is not null;

    private string IndexPath => _file?.NameOf(IndexName) ?? System.IO.Path.Combine(Path, IndexName);

    /// <summary>Opens a model's folder, or the single file that holds a model.</summary>
    /// <param name="path">
    /// The folder; or a model of huggingface_hub's cache, by <c>owner/name</c>, its folder <c>models--owner--name</c>, or a snapshot;
    /// or the file.
    /// </param>
    /// <param name="singleFile">What is known of a single file that it does not say itself; null: nothing.</param>
    /// <exception cref="BadInputException">
    /// It is not there, has no readable <c>model_index.json</c>, or is a file that is no checkpoint of a known kind.
    /// </exception>
    public static ModelFolder Open(string path, SingleFileOptions? singleFile = null)
    {
        path = HubCache.Resolve(path);
        if (File.Exists(path))
        {
            SingleFileModel file = SingleFileModel.Read(path, singleFile ?? new SingleFileOptions());
            return new ModelFolder(path, file.Index, file);
        }

        if (!Directory.Exists(path))
        {
            throw new BadInputException($"{path}: there is no such folder");
        }

        string index = System.IO.Path.Combine(path, IndexName);
        return File.Exists(index)
            ? new ModelFolder(path, ConfigFile.ReadObject(index))
            : throw StrayFolder.Diagnosis(path);
    }

    /// <summary>The parts that the index names, with their classes.</summary>
    internal IEnumerable<string> PartNames
        => _index.EnumerateObject().Select(property => property.Name).Where(name => !name.StartsWith('_') && Has(name));

    /// <summary>Which model of the hub it is; null where the folder lies elsewhere.</summary>
    internal HubSnapshot? Snapshot => HubSnapshot.At(Path);

    /// <summary>Whether the model has a part of that name.</summary>
    public bool Has(string part) => ClassOrNull(part) is not null;

    /// <summary>Whether the model's index says <paramref name="key"/>: <c>true</c>, where most leave it out.</summary>
    internal bool Flag(string key) => new ConfigReader(_index, IndexPath).Flag(key, false);

    /// <summary>The class of a part, such as <c>UNet2DConditionModel</c> for <c>unet</c>.</summary>
    /// <exception cref="BadInputException">The model has no such part.</exception>
    public string ComponentClass(string part) =>
        ClassOrNull(part) ?? throw new BadInputException($"{IndexPath}: names no \"{part}\"; a {PipelineClass} needs it");

    /// <summary>The folder of a part.</summary>
    /// <exception cref="BadInputException">
    /// The model has no such part, its folder is not there, or it has none, since the model is a single file.
    /// </exception>
    public string PathOf(string part)
    {
        string component = ComponentClass(part), folder = System.IO.Path.Combine(Path, part);
        if (_file is not null)
        {
            return _file.FolderOf(part) ?? throw new BadInputException($"{Path}: is a single file; its {component} has no folder");
        }

        return Directory.Exists(folder)
            ? folder
            : throw new BadInputException($"{folder}: there is no such folder; the model's {component} should be in it");
    }

    /// <summary>The config file of a part: <c>config.json</c>, or <c>scheduler_config.json</c> of a scheduler.</summary>
    /// <exception cref="BadInputException">The model has no such part, or its folder is not there.</exception>
    public string ConfigPath(string part) => _file?.NameOf(SingleFileModel.ConfigOf(part)) ??
        System.IO.Path.Combine(
            PathOf(part),
            part.EndsWith("scheduler", StringComparison.Ordinal) ? "scheduler_config.json" : "config.json");

    /// <summary>
    /// The config of a part. Python's <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>, which are not JSON, come as strings.
    /// </summary>
    /// <exception cref="BadInputException">The model has no such part, or its config is not there or no JSON object.</exception>
    public JsonElement Config(string part) => _file?.Config(part) ?? ConfigFile.ReadObject(ConfigPath(part));

    /// <summary>The weights of a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="variant">As for <see cref="WeightFiles.Open(string, string?)"/>.</param>
    /// <exception cref="BadInputException">They are missing or damaged.</exception>
    internal WeightFiles OpenWeights(string part, string? variant)
    {
        WeightFiles weights = _file?.OpenWeights(part) ?? WeightFiles.Open(PathOf(part), variant);
        weights.Config = () => new ConfigBlame(ConfigPath(part), Config(part));
        return weights;
    }

    /// <summary>Of a single file: a part's tensors under diffusers' names.</summary>
    internal SafetensorsFile OpenSingle(string part) => _file!.OpenTensors(part);

    /// <summary>A file of a part's folder; null where there is none.</summary>
    /// <exception cref="BadInputException">The model has no such part, or the file cannot be read.</exception>
    internal byte[]? ReadOrNull(string part, string file)
    {
        if (_file is not null)
        {
            return _file.ReadOrNull($"{part}/{file}");
        }

        string path = System.IO.Path.Combine(PathOf(part), file);
        return File.Exists(path) ? InputFile.ReadBytes(path) : null;
    }

    /// <summary>The CLIP tokenizer of a part: that of its folder, or for a single file without one the tool's own.</summary>
    /// <param name="part">The part.</param>
    /// <param name="positions">Tokens that its text encoder reads.</param>
    /// <exception cref="BadInputException">The model has no such part, or its tokenizer is not in order.</exception>
    internal ClipTokenizer ClipTokenizer(string part, int positions)
        => _file is null ? Tokenizers.ClipTokenizer.FromFolder(PathOf(part), positions, ComponentClass(part))
            : _file.FolderOf(part) is string folder ? Tokenizers.ClipTokenizer.FromFolder(folder, positions)
            : Tokenizers.ClipTokenizer.Embedded(_file.PaddingOf(part));

    /// <summary>The index of a model in a single file, with those parts alone that it has.</summary>
    internal JsonElement Index => _index;

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
