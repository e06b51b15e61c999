using DiffusionLens.Configs;

namespace DiffusionLens.Weights;

/// <summary>One commit of a model in the hub's cache.</summary>
/// <param name="ModelFolder">The model's folder, <c>…/models--owner--name</c>.</param>
/// <param name="Commit">The commit, 40 hexadecimal digits as a rule.</param>
internal sealed record HubSnapshot(string ModelFolder, string Commit)
{
    internal const string ModelPrefix = "models--", SnapshotsName = "snapshots", BlobsName = "blobs";

    private const int ShownDigits = 8;

    /// <summary>The model's name on the hub, <c>owner/name</c>.</summary>
    public string Name => NameOf(ModelFolder);

    /// <summary>
    /// What files about the model are named after: <c>owner--name</c>, and the commit's first digits behind <c>@</c> where it is not the
    /// one that is the model now.
    /// </summary>
    public string FileName
    {
        get
        {
            string name = Path.GetFileName(ModelFolder)[ModelPrefix.Length..];
            return MainCommit(ModelFolder) is { } main && main != Commit
                ? $"{name}@{Commit[..Math.Min(ShownDigits, Commit.Length)]}"
                : name;
        }
    }

    /// <summary>Whether a download was broken off: a blob has only begun.</summary>
    public bool IsIncomplete => HasBegunBlob(ModelFolder);

    /// <summary>The snapshot that a folder is; null of folders elsewhere.</summary>
    public static HubSnapshot? At(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetDirectoryName(full) is { } snapshots
            && Path.GetFileName(snapshots) == SnapshotsName
            && Path.GetDirectoryName(snapshots) is { } model
            && IsModelFolder(model)
            ? new HubSnapshot(model, Path.GetFileName(full))
            : null;
    }

    internal static bool IsModelFolder(string folder)
        => Path.GetFileName(folder).StartsWith(ModelPrefix, StringComparison.Ordinal)
            && new[] { SnapshotsName, BlobsName, "refs" }.Any(name => Directory.Exists(Path.Combine(folder, name)));

    /// <summary>Whether a file of a model has only begun to come.</summary>
    internal static bool HasBegunBlob(string modelFolder)
        => Path.Combine(modelFolder, BlobsName) is var blobs
            && Directory.Exists(blobs)
            && FolderWalk.Files(blobs).Any(name => name.EndsWith(".incomplete", StringComparison.Ordinal));

    /// <summary><c>owner/name</c> of <c>models--owner--name</c>.</summary>
    internal static string NameOf(string modelFolder)
        => Path.GetFileName(modelFolder)[ModelPrefix.Length..].Replace("--", "/", StringComparison.Ordinal);

    /// <summary>The commit that is the model now; null where nothing says so.</summary>
    internal static string? MainCommit(string modelFolder)
    {
        string main = Path.Combine(modelFolder, "refs", "main");
        return File.Exists(main) && InputFile.ReadText(main).Trim() is { Length: > 0 } commit ? commit : null;
    }
}
