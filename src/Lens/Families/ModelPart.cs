using System.Globalization;
using System.Text;
using System.Text.Json;
using DiffusionLens.Configs;
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

    /// <summary>What there is not of the part at all: <c>is not there</c>, <c>has no weights</c>; null where there is something.</summary>
    public virtual string? Lack()
        => Folder.Has(Name) && !Folder.IsSingleFile && !Directory.Exists(Path.Combine(Folder.Path, Name)) ? "is not there" : null;

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
/// <param name="Build">Makes its network without memory.</param>
internal sealed record NetworkPart(ModelFolder Folder, string Name, Func<nn.Module> Build) : ModelPart(Folder, Name)
{
    /// <summary>Which of the part's files are weights.</summary>
    public WeightFolder Weights => WeightFolder.Read(Folder.PathOf(Name));

    public override string? Lack()
        => base.Lack() ?? (Folder.Has(Name) && !Folder.IsSingleFile && Weights.IsEmpty ? "has no weights" : null);

    private protected override PartInspection Inspected(PartInspection part, string? variant)
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant);
        using nn.Module network = Build();
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
        using nn.Module network = Build();
        return ContentHash.Of([Folder.ComponentClass(Name), Canonical(Folder.Config(Name)), weights.Digest(network, cache)]);
    }

    /// <summary>Whether its weights are those of its network.</summary>
    /// <exception cref="BadInputException">They are not.</exception>
    public void Check()
    {
        using WeightFiles weights = Folder.OpenWeights(Name, variant: null);
        using nn.Module network = Build();
        weights.Check(network);
    }
}

/// <summary>A tokenizer: the files that <see cref="PromptTokenizer"/> reads, no others.</summary>
internal sealed record TokenizerPart(ModelFolder Folder, string Name) : ModelPart(Folder, Name)
{
    private static readonly string[] Sentences = [TokenizerFolder.SentencePieces, TokenizerFolder.Config, TokenizerFolder.AddedTokens];

    private static readonly string[] Pairs =
    [
        TokenizerFolder.Vocabulary,
        TokenizerFolder.Merges,
        TokenizerFolder.Config,
        TokenizerFolder.SpecialTokensMap,
        TokenizerFolder.AddedTokens,
    ];

    public override string Digest(string? variant, DigestCache cache)
        => ContentHash.Of(FilesRead().Select(file => $"{file} {Content(file, Folder.ReadOrNull(Name, file)!)}"));

    private protected override PartInspection Inspected(PartInspection part, string? variant)
    {
        PromptTokenizer tokenizer = Folder.Tokenizer(Name);
        string[] read = [.. FilesRead()];
        return part with
        {
            Files = read,
            Tokenizer = new TokenizerInspection(tokenizer.Rules, tokenizer.VocabularySize, tokenizer.ModelMaxLength),
            Ignored = Folder.IsSingleFile ? [] :
            [
                .. from path in Directory.EnumerateFiles(Folder.PathOf(Name)).Order(StringComparer.Ordinal)
                   let file = Path.GetFileName(path)
                   where !read.Contains(file) && (Sentences.Contains(file) || Pairs.Contains(file) || file == TokenizerFolder.Fast)
                   select new IgnoredItem(file, $"{read[0]} is read"),
            ],
        };
    }

    private IEnumerable<string> FilesRead()
    {
        string[] files = Folder.ReadOrNull(Name, TokenizerFolder.SentencePieces) is null ? Pairs : Sentences;
        return files.Where(file => Folder.ReadOrNull(Name, file) is not null);
    }

    private string Content(string file, byte[] content) => Path.GetExtension(file) == ".json"
        ? Canonical(ConfigFile.ParseObject(Encoding.UTF8.GetString(content), Path.Combine(Folder.Path, Name, file)))
        : ContentHash.Of(content);
}
