using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Families;
using Experiments.Files;

namespace Experiments.Catalog;

/// <summary>
/// One kind of thing that the tool brings along, found by name. What the user has comes first: the path as it was given, then the current
/// folder's own shelf (<c>experiments/</c>), then the tool's. What has the name by chance and is something else is passed over.
/// </summary>
/// <param name="Kind">What it is called in messages.</param>
/// <param name="Folder">The name of the folder with these things, in the current folder and in the tool.</param>
/// <param name="Ending">What may be left out at the end of a name: <c>.yaml</c>, or nothing where each thing is a folder.</param>
internal sealed record AssetCatalog(string Kind, string Folder, string Ending)
{
    public static readonly AssetCatalog Experiments = new("experiment", "experiments", ".yaml");
    public static readonly AssetCatalog Lexicons = new("lexicon", "lexicons", ".yaml");
    public static readonly AssetCatalog Golden = new("golden file", "golden", ".json");
    public static readonly AssetCatalog Prompts = new("prompt of a vision-language model", "prompts", ".yaml");
    public static readonly AssetCatalog Models = new("model", "models", "");

    // What an asset was called in the first version; files of users may still name it so.
    private static readonly Dictionary<string, string> FormerNames = new() { ["mini-recogniser"] = "mini-recognizer" };

    private string InTool => Path.Combine(AppContext.BaseDirectory, Folder);

    /// <summary>Finds a thing.</summary>
    /// <param name="name">Its name, with or without ending, or a path.</param>
    /// <exception cref="BadInputException">There is none; the nearest name is named.</exception>
    public Asset Find(string name)
    {
        if (name.Length == 0)
        {
            throw new BadInputException($"the name of the {Kind} is empty; there are {string.Join(", ", Names())}");
        }

        string[] spellings = name.EndsWith(Ending, StringComparison.Ordinal) ? [name] : [name, name + Ending];
        string? own = spellings.Concat(spellings.Select(spelling => Path.Combine(Folder, spelling))).FirstOrDefault(IsThere);
        string? ofTool = spellings.Select(spelling => Path.Combine(InTool, spelling)).FirstOrDefault(IsThere);
        if (own is not null && (ofTool is null || name != Path.GetFileName(name) || MayBeOne(own)))
        {
            return new Asset(own, IsOfTool: false);
        }

        if (FormerNames.TryGetValue(name, out string? today))
        {
            return Find(today);
        }

        if (ofTool is not null && !name.Contains("..", StringComparison.Ordinal))
        {
            return new Asset(ofTool, IsOfTool: true);
        }

        string[] names = [.. Names()];
        string nearest = names.Length == 0 ? "" : $"; did you mean '{Spelling.Nearest(name, names)}'? There are {string.Join(", ", names)}";
        throw new BadInputException($"{name}: there is no such {Kind}, here or in the tool{nearest}");
    }

    /// <summary>The names of what the current folder's shelf and the tool's hold, each once.</summary>
    public IReadOnlyList<string> Names() =>
        [
            .. new[] { Folder, InTool }
                .Where(Directory.Exists)
                .SelectMany(folder => Ending.Length == 0 ? FolderWalk.Folders(folder) : FolderWalk.Files(folder))
                .Where(name => name.EndsWith(Ending, StringComparison.Ordinal))
                .Select(name => name[..^Ending.Length])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Whether the tool brings along something of this name, whatever the user has.</summary>
    public bool HasOfTool(string name) => name.Length > 0 && Path.GetFileName(name) == name && IsThere(Path.Combine(InTool, name + Ending));

    /// <summary>What an asset is called today.</summary>
    /// <param name="name">A name, of today or of the first version.</param>
    public static string NameToday(string name) => FormerNames.GetValueOrDefault(name, name);

    // A spec that is called as the model's lexicon is, or results that are called as the model, are something else of the same name.
    private bool MayBeOne(string path) =>
        this == Models ? ModelFamily.IsModel(path) || File.Exists(Path.Combine(path, "config.json"))
        : this != Lexicons || !Utf8Text.BeginningOf(path).Any(line => line.StartsWith("title:", StringComparison.Ordinal));

    private bool IsThere(string path) => Ending.Length == 0 ? Directory.Exists(path) : File.Exists(path);
}

/// <summary>What a <see cref="AssetCatalog"/> gave.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="IsOfTool">True where it came with the tool, false where it is the user's.</param>
internal sealed record Asset(string Path, bool IsOfTool)
{
    /// <summary>As it is named to the user.</summary>
    public override string ToString() => IsOfTool ? $"{System.IO.Path.GetFileName(Path)} (of the tool)" : Path;
}
