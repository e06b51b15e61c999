using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using DiffusionLens.Schedulers;
using DiffusionLens.Tokenizers;
using DiffusionLens.Weights;
using static TorchSharp.torch;

namespace DiffusionLens.Families;

/// <summary>A part of a model's folder as its family reads it; each kind knows what of it determines images.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The part's name, such as <c>unet</c>.</param>
internal abstract record ModelPart(ModelFolder Folder, string Name)
{
    /// <summary>What its writer tells of itself in a config, and what the loader decides: nothing of the model.</summary>
    private static readonly string[] Remarks = ["transformers_version", "torch_dtype", "dtype", "architectures", "name_or_path"];

    /// <summary>Hash of all that is read of the part.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public abstract string Digest(string? variant, DigestCache cache);

    /// <summary>A tensor of its files that is not finite, with its folder; null where all are. Reads all of them.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    public virtual string? DamagedWeight(string? variant) => null;

    /// <summary>What there is not of the part: <c>is not there</c>, <c>has no weights</c>; null where all of it may be there.</summary>
    public string? Lack()
    {
        string folder = Path.Combine(Folder.Path, Name);
        return !Folder.Has(Name) || Folder.IsSingleFile ? null
            : !Directory.Exists(folder) || FolderWalk.IsEmpty(folder) ? "is not there"
            : LackOfFiles();
    }

    /// <summary>Reads its config, which alone costs nothing: before anything else is read, let alone libtorch loaded.</summary>
    /// <exception cref="BadInputException">It is missing, damaged or not supported.</exception>
    public virtual void RequireReadable()
    {
    }

    /// <summary>The same of a part whose folder is there.</summary>
    private protected virtual string? LackOfFiles() => File.Exists(Folder.ConfigPath(Name)) ? null : "has no config";

    /// <summary>What is known of the part from headers and configs; what is wrong with it, it says.</summary>
    /// <param name="variant">The variant of weights that was asked for, or null.</param>
    public PartInspection Inspect(string? variant)
    {
        PartInspection part = new() { Name = Name, Folder = Folder, Class = Folder.Has(Name) ? Folder.ComponentClass(Name) : "" };
        if (Lack() is { } lack)
        {
            return part with { Error = $"{Folder.Path}: {Name} {lack}" };
        }

        try
        {
            return Inspected(part, variant);
        }
        catch (BadInputException problem)
        {
            return part with { Error = problem.Message };
        }
    }

    /// <summary>The same of a part that is there.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged.</exception>
    private protected virtual PartInspection Inspected(PartInspection part, string? variant) => part;

    /// <summary>A JSON object whatever its white space, the order of its keys, the spelling of its numbers, and its remarks.</summary>
    private protected static string Canonical(JsonElement value, bool isRoot = true) => value.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', Properties(value, isRoot).Select(Pair))}}}",
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(item => Canonical(item, isRoot: false)))}]",
        JsonValueKind.Number when !value.TryGetInt64(out _) => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => JsonSerializer.Serialize(value.GetString()),
        _ => value.GetRawText(),
    };

    private static IEnumerable<JsonProperty> Properties(JsonElement value, bool isRoot)
        => value.EnumerateObject()
            .Where(property => !isRoot || !(property.Name.StartsWith('_') || Remarks.Contains(property.Name)))
            .OrderBy(property => property.Name, StringComparer.Ordinal);

    private static string Pair(JsonProperty property)
        => $"{JsonSerializer.Serialize(property.Name)}:{Canonical(property.Value, isRoot: false)}";
}

/// <summary>A part that is a config alone, such as a scheduler.</summary>
internal sealed record ConfigPart(ModelFolder Folder, string Name) : ModelPart(Folder, Name)
{
    public override string Digest(string? variant, DigestCache cache) => ContentHash.Of([Canonical(Folder.Config(Name))]);

    public override void RequireReadable() => NoiseSchedule.Require(SchedulerConfig.Of(Folder, Name));

    private protected override PartInspection Inspected(PartInspection part, string? variant)
    {
        JsonElement config = Folder.Config(Name);
        string writer = config.TryGetProperty("_class_name", out JsonElement name) ? name.ToString() : part.Class;
        return part with
        {
            Files = [Path.GetFileName(Folder.ConfigPath(Name))],
            Settings = [.. from key in config.EnumerateObject() where !key.Name.StartsWith('_') select new Setting(key.Name, key.Value)],
            Remarks = writer == part.Class ? [] :
                [$"{Name}: its config was written by {writer}; model_index.json names {part.Class}, which reads it"],
        };
    }
}

/// <summary>A part with a config and weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The part's name.</param>
/// <param name="Build">Makes its network.</param>
internal sealed record NetworkPart(ModelFolder Folder, string Name, Func<Placement, nn.Module> Build) : ModelPart(Folder, Name)
{
    /// <summary>Reads its config; null: nothing is read but by <see cref="Build"/>.</summary>
    public Action? ReadConfig { get; private init; }

    /// <summary>A network of a config.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The part's name.</param>
    /// <param name="read">Reads the config.</param>
    /// <param name="build">Makes the network of it.</param>
    public static NetworkPart Of<T>(ModelFolder folder, string name, Func<ModelFolder, T> read, Func<T, Placement, nn.Module> build)
        => new(folder, name, placement => build(read(folder), placement)) { ReadConfig = () => read(folder) };

    /// <inheritdoc/>
    public override void RequireReadable() => ReadConfig?.Invoke();

    /// <summary>Which of the part's files are weights.</summary>
    public WeightFolder Weights => WeightFolder.Read(Folder.PathOf(Name));

    private protected override string? LackOfFiles() => base.LackOfFiles() ?? (Weights.IsEmpty ? "has no weights" : null);

    private protected override PartInspection Inspected(PartInspection part, string? variant)
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant);
        using nn.Module network = weights.Shaped(Build);
        WeightUse use = weights.UseBy(network);
        return part with
        {
            Files = weights.Files,
            Weights = [.. use.Taken.GroupBy(entry => entry.DType).Select(TypeShare.Of).OrderByDescending(share => share.ByteCount)],
            Ignored = [.. weights.IgnoredFiles, .. Grouped(use.Ignored)],
            Remarks = variant is null && weights.Variant is { } only ? [$"{Name}: only variant {only} is there, and taken"] : [],
        };
    }

    /// <summary>Tensors that one reason holds for, in one line.</summary>
    private static IEnumerable<IgnoredItem> Grouped(IReadOnlyList<IgnoredItem> tensors)
        => from tensor in tensors
           group tensor.Name by tensor.Reason into names
           select new IgnoredItem(names.Count() == 1 ? names.First() : $"{names.Count()} tensors ({names.First()}, ...)", names.Key);

    public override string Digest(string? variant, DigestCache cache)
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant);
        using nn.Module network = weights.Shaped(Build);
        JsonElement config = Folder.Config(Name);

        // The same config means another size where old diffusers wrote it.
        string[] age = SavedBy.Read(config).IsBefore(0, 9) ? ["before diffusers 0.9"] : [];
        return ContentHash.Of([Folder.ComponentClass(Name), Canonical(config), weights.Digest(network, cache), .. age]);
    }

    public override string? DamagedWeight(string? variant)
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant);
        TensorEntry? damaged = weights.Entries
            .Where(entry => is_floating_point(entry.DType))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .FirstOrDefault(entry => !IsFinite(weights, entry));
        return damaged is null ? null : $"{damaged.Name} in {(Folder.IsSingleFile ? Folder.Path : Folder.PathOf(Name))}";
    }

    private static bool IsFinite(WeightFiles weights, TensorEntry entry)
    {
        using Tensor tensor = empty([.. entry.Shape], entry.DType, CPU);
        weights.CopyTo(entry.Name, tensor);
        return FiniteCheck.AreFinite(tensor);
    }

    /// <summary>Whether its weights are those of its network.</summary>
    /// <exception cref="BadInputException">They are not.</exception>
    public void Check(string? variant)
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant);
        using nn.Module network = weights.Shaped(Build);
        weights.Check(network);
    }
}

/// <summary>A tokenizer: the files that <see cref="PromptTokenizer"/> reads, no others.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The part's name.</param>
/// <param name="Read">Reads it as the pipeline does, for so many tokens a prompt where the family leaves the choice.</param>
internal sealed record TokenizerPart(ModelFolder Folder, string Name, Func<int?, PromptTokenizer> Read) : ModelPart(Folder, Name)
{
    private static readonly string[] Sentences =
        [TokenizerFolder.SentencePieces, TokenizerFolder.GemmaPieces, TokenizerFolder.Config, TokenizerFolder.AddedTokens];

    private static readonly string[] Pairs =
    [
        TokenizerFolder.Vocabulary,
        TokenizerFolder.Merges,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    private static readonly string[] Whole =
    [
        TokenizerFolder.Whole,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    /// <summary>How many tokens of a prompt are read, where the family leaves the choice; null: it leaves none.</summary>
    public int? Length { get; init; }

    private protected override string? LackOfFiles() => null;

    public override string Digest(string? variant, DigestCache cache)
    {
        string[] read = [.. FilesRead()];
        IEnumerable<string> contents = read.Select(file => $"{file} {Content(file, Folder.ReadOrNull(Name, file)!)}");

        // The fast class makes other ids of the same pieces; of byte pairs both make the same.
        bool isFast = (read.Contains(TokenizerFolder.SentencePieces) || read.Contains(TokenizerFolder.GemmaPieces))
            && TokenizerFolder.IsFast(Folder.ComponentClass(Name));
        return ContentHash.Of(isFast ? contents.Append("fast") : contents);
    }

    private protected override PartInspection Inspected(PartInspection part, string? variant)
    {
        PromptTokenizer tokenizer = Read(Length);
        string[] read = [.. FilesRead()];
        return part with
        {
            Files = read,
            Tokenizer = new TokenizerInspection(tokenizer.Description, tokenizer.VocabularySize, tokenizer.ModelMaxLength),
            Ignored = Folder.IsSingleFile ? [] :
            [
                .. from file in FolderWalk.Files(Folder.PathOf(Name))
                   where !read.Contains(file) && (Sentences.Contains(file) || Pairs.Contains(file) || file == TokenizerFolder.Whole)
                   select new IgnoredItem(file, $"{read[0]} is read"),
            ],
        };
    }

    private IEnumerable<string> FilesRead()
    {
        string[] files = Folder.IsSingleFile
            ? ClipPairs()
            : FilesOf(Folder.PathOf(Name), TokenizerFolder.IsFast(Folder.ComponentClass(Name)));
        return files.Where(file => Folder.ReadOrNull(Name, file) is not null);
    }

    private string[] FilesOf(string folder, bool isFast)
    {
        if (GemmaVocabulary.IsFolder(folder))
        {
            return GemmaVocabulary.FilesOf(folder, isFast);
        }

        bool isT5 = File.Exists(Path.Combine(folder, TokenizerFolder.SentencePieces));
        bool readsWhole = isT5
            ? TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.SentencePieces)
            : TokenizerFolder.ReadsWhole(folder, isFast, TokenizerFolder.Vocabulary, TokenizerFolder.Merges);
        return !isT5 && Qwen2Vocabulary.IsFolder(folder) ? Qwen2Vocabulary.FilesOf(folder)
            : readsWhole ? Whole
            : isT5 ? Sentences
            : ClipPairs();
    }

    /// <summary>Words that were added since may be in <c>tokenizer.json</c> alone, where the config lists none.</summary>
    private string[] ClipPairs()
        => Folder.ReadOrNull(Name, TokenizerFolder.Config) is { } config
            && SpecialTokenFiles.DecoderOf(Parsed(TokenizerFolder.Config, config)) is null
            ? [.. Pairs, TokenizerFolder.Whole]
            : Pairs;

    private string Content(string file, byte[] content) => Path.GetExtension(file) == ".json"
        ? Canonical(Parsed(file, content))
        : ContentHash.Of(content);

    private JsonElement Parsed(string file, byte[] content)
        => ConfigFile.ParseObject(Encoding.UTF8.GetString(content), Path.Combine(Folder.Path, Name, file));
}
