using System.Text.RegularExpressions;
using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>
/// The cache of huggingface_hub, where <c>hf download</c> and diffusers keep what they fetch: a folder <c>models--owner--name</c> a model,
/// in it <c>snapshots/COMMIT</c> with links to <c>blobs/</c>, and <c>refs/main</c> with the commit that is the model now.
/// </summary>
internal static partial class HubCache
{
    /// <summary>The folder of the cache on this machine; it need not be there.</summary>
    internal static string Root => RootBy(Environment.GetEnvironmentVariable);

    /// <summary>Whether a text could be a model's name on the hub, <c>owner/name</c>.</summary>
    internal static bool IsName(string text) => OwnerAndName().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    /// <summary>
    /// The folder that a model's name or folder stands for: of <c>owner/name</c>, of <c>models--owner--name</c> and of a cache that has one
    /// model, the snapshot that <c>refs/main</c> names; of any other folder itself.
    /// </summary>
    /// <param name="model">A folder, or a name on the hub where there is no such folder.</param>
    /// <exception cref="BadInputException">The cache does not hold it, or does not say which of several is meant.</exception>
    internal static string Resolve(string model)
    {
        if (!Directory.Exists(model))
        {
            return !IsName(model) || File.Exists(model) ? model : Snapshot(Downloaded(model));
        }

        if (ModelFolder.HasIndex(model))
        {
            return model;
        }

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        if (Path.GetFileName(folder) == HubSnapshot.SnapshotsName && HubSnapshot.IsModelFolder(Path.GetDirectoryName(folder)!))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        if (HubSnapshot.IsModelFolder(folder))
        {
            return Snapshot(folder);
        }

        return ModelsIn(folder) is { Length: > 0 } models ? Snapshot(OnlyOne(model, models)) : model;
    }

    /// <summary><c>HF_HUB_CACHE</c>, else by the older names and folders in huggingface_hub's order.</summary>
    /// <param name="variable">The value of an environment variable; null or empty where it has none.</param>
    internal static string RootBy(Func<string, string?> variable)
    {
        string cache = Value("XDG_CACHE_HOME") ?? Path.Combine(Home(), ".cache");
        string home = Value("HF_HOME") ?? Path.Combine(cache, "huggingface");
        return Value("HF_HUB_CACHE") ?? Value("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub");

        string? Value(string name) => variable(name) is { Length: > 0 } value ? Expanded(value) : null;

        string Home() => variable("HOME") is { Length: > 0 } own ? own : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        string Expanded(string path) => Variable().Replace(
            path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Home() + path[1..] : path,
            match => variable(match.Groups["name"].Value) ?? match.Value);
    }

    private static string Downloaded(string name)
    {
        string folder = Path.Combine(Root, HubSnapshot.ModelPrefix + name.Replace("/", "--", StringComparison.Ordinal));
        return Directory.Exists(folder) ? folder : throw new BadInputException(
            $"{name}: there is no such folder, and the hub's cache ({Root}) has no such model; 'hf download {name}' gets it");
    }

    /// <summary>The snapshot that is the model now; never the newest folder, which any download of another commit makes.</summary>
    private static string Snapshot(string modelFolder)
    {
        string name = HubSnapshot.NameOf(modelFolder);
        string snapshots = Path.Combine(modelFolder, HubSnapshot.SnapshotsName);
        string[] commits = Directory.Exists(snapshots) ? FolderWalk.Folders(snapshots) : [];
        string get = $"{(HubSnapshot.HasBegunBlob(modelFolder) ? "the download is not complete; " : "")}'hf download {name}' gets it";
        if (HubSnapshot.MainCommit(modelFolder) is { } main)
        {
            return commits.Contains(main) ? At(main) : throw new BadInputException(
                $"{modelFolder}: refs/main names commit {main}, and there is no snapshot of it; {get}");
        }

        return commits switch
        {
            [string only] => At(only),
            [] => throw new BadInputException($"{modelFolder}: has no snapshot; {get}"),
            _ => throw new BadInputException(
                $"{modelFolder}: has {commits.Length} snapshots and no refs/main that says which is the model; "
                + $"name one of them, such as {At(commits[0])}"),
        };

        string At(string commit) => Path.Combine(snapshots, commit);
    }

    private static string OnlyOne(string cache, string[] models)
    {
        string[] names = [.. models.Select(HubSnapshot.NameOf)];
        return models is [string only] ? only : throw new BadInputException(
            $"{cache}: is a cache of huggingface_hub with {models.Length} models; name one: {string.Join(", ", names)}");
    }

    /// <summary>Those of a cache's folder, or of <c>hub</c> in it.</summary>
    private static string[] ModelsIn(string folder)
        => new[] { folder, Path.Combine(folder, "hub") }
            .Where(Directory.Exists)
            .Select(cache => FolderWalk.Folders(cache)
                .Where(name => name.StartsWith(HubSnapshot.ModelPrefix, StringComparison.Ordinal))
                .Select(name => Path.Combine(cache, name))
                .Where(HubSnapshot.IsModelFolder)
                .ToArray())
            .FirstOrDefault(models => models.Length > 0) ?? [];

    [GeneratedRegex(@"^[\p{L}\d][\p{L}\d._-]*/[\p{L}\d][\p{L}\d._-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerAndName();

    [GeneratedRegex(@"\$(?<name>\w+)|\$\{(?<name>\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
