using System.Text;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Tokenizers;

namespace DiffusionLens.Weights.SingleFiles;

/// <summary>
/// A model in a single file, in CompVis' layout, seen as the diffusers folder that it would be: its tensors under diffusers' names, and the
/// configs and the tokenizer of its kind or of a folder that the user names.
/// </summary>
internal sealed class SingleFileModel
{
    private readonly IReadOnlyList<SingleFilePart> _parts;
    private readonly ModelFolder? _configs;
    private readonly KindFolder _kind;

    private SingleFileModel(string path, KindFolder kind, ModelFolder? configs, TextLayout layout, CheckpointFile file)
    {
        Path = path;
        _kind = kind;
        _configs = configs;
        Index = ConfigFile.ParseObject(Encoding.UTF8.GetString(ReadOrNull(KindFolder.Index)!), NameOf(KindFolder.Index));
        _parts = SingleFileParts.Of(layout, Config, part => NameOf(ConfigOf(part)));
        Ignored = SingleFileParts.Fill(_parts, file);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary><c>model_index.json</c>.</summary>
    public JsonElement Index { get; }

    /// <summary>What the file does not say.</summary>
    public IReadOnlyList<Assumption> Assumed { get; private set; } = [];

    /// <summary>How many tensors were left aside, by what they are.</summary>
    public IReadOnlyDictionary<string, int> Ignored { get; }

    /// <summary>Reads a file's header, finds its kind, and gives each of its tensors its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the user says of it.</param>
    /// <exception cref="BadInputException">
    /// It is no checkpoint that is read, its kind cannot be told, tensors in it are of no part, or the folder of configs is not in order.
    /// </exception>
    public static SingleFileModel Read(string path, SingleFileOptions options)
    {
        CheckpointFile file = CheckpointFile.Read(path);
        OtherFile.Refuse(file);
        CheckpointSigns signs = CheckpointSigns.Of(file);
        ModelFolder? configs = options.ConfigFolder is string folder ? ConfigsIn(folder) : null;
        KindChoice choice = KindChoice.Of(file, signs, options.Kind, configs);
        SingleFileModel model = new(path, choice.Folder, configs, signs.Text, file);
        string source = configs?.Path ?? $"as {choice.Folder.Kind.Long()} has it";
        model.Assumed = [.. choice.Assumed, .. Assumptions.Of(model, signs.Text, source)];
        return model;
    }

    /// <summary>A part's config file, as a path in the folder.</summary>
    public static string ConfigOf(string part) => part == "scheduler" ? KindFolder.Scheduler : $"{part}/config.json";

    /// <summary>The parts that have weights.</summary>
    public IEnumerable<string> WeightParts => _parts.Select(part => part.Name);

    /// <summary>A part's config.</summary>
    public JsonElement Config(string part) => _configs?.Config(part)
        ?? ConfigFile.ParseObject(Encoding.UTF8.GetString(ReadOrNull(ConfigOf(part))!), NameOf(ConfigOf(part)));

    /// <summary>A part's folder on disk; null where there is none.</summary>
    public string? FolderOf(string part) => _configs is { } configs && HasFolder(part) ? configs.PathOf(part) : null;

    /// <summary>A file of the folder; null where there is none.</summary>
    /// <param name="file">Its path in the folder, with <c>/</c>.</param>
    public byte[]? ReadOrNull(string file)
    {
        if (_configs is null || !HasFolder(file.Split('/')[0]))
        {
            return _kind.ReadOrNull(file);
        }

        string path = System.IO.Path.Combine(_configs.Path, file);
        return File.Exists(path) ? InputFile.ReadBytes(path) : null;
    }

    /// <summary>The piece that a tokenizer's files say prompts are filled up with; null where they name none.</summary>
    public string? PaddingOf(string tokenizer)
    {
        JsonElement? config = ObjectOrNull(TokenizerFolder.Config);
        bool isOld = config is not { } written || SpecialTokenFiles.DecoderOf(written) is null;
        foreach (JsonElement? file in new[] { isOld ? ObjectOrNull(TokenizerFolder.SpecialTokensMap) : null, config })
        {
            if (file is { } names && names.TryGetProperty("pad_token", out JsonElement token))
            {
                return token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out JsonElement piece)
                    ? piece.ToString()
                    : token.ToString();
            }
        }

        return null;

        JsonElement? ObjectOrNull(string name)
        {
            string file = $"{tokenizer}/{name}";
            return ReadOrNull(file) is { } content ? ConfigFile.ParseObject(Encoding.UTF8.GetString(content), NameOf(file)) : null;
        }
    }

    /// <summary>What a file of the folder is called in errors.</summary>
    /// <param name="file">Its path in the folder, with <c>/</c>.</param>
    public string NameOf(string file)
        => _configs is { } configs ? System.IO.Path.Combine(configs.Path, file) : $"{Path}, as {_kind.Kind.Short()}: {file}";

    /// <summary>Opens a part's weights.</summary>
    public WeightFiles OpenWeights(string part) => WeightFiles.Open(Path, Part(part));

    /// <summary>Opens a part's tensors.</summary>
    public SafetensorsFile OpenTensors(string part) => SafetensorsFile.Open(Path, Part(part).Entries);

    private SingleFilePart Part(string name) => _parts.First(part => part.Name == name);

    // A folder of configs may have no tokenizer: CLIP's own is there for all.
    private bool HasFolder(string part) => !part.StartsWith("tokenizer", StringComparison.Ordinal)
        || Directory.Exists(System.IO.Path.Combine(_configs!.Path, part));

    private static ModelFolder ConfigsIn(string folder)
        => Directory.Exists(folder)
            ? ModelFolder.Open(folder)
            : throw new BadInputException($"--config {folder}: there is no such folder; give a diffusers folder, whose configs are taken");
}
