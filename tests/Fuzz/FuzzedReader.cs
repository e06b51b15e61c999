namespace Fuzz;

/// <summary>A reader of bytes from anyone. It may take them or throw a BadInputException; anything else is a finding.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Files">The files that are mutated, one at a time; the others are then as they should be.</param>
/// <param name="Read">Reads what lies in a folder.</param>
internal sealed record FuzzedReader(string Name, IReadOnlyList<FuzzedFile> Files, Action<string> Read)
{
    /// <summary>How many inputs it gets for one of others: of readers that cost much more there are several of the same kind.</summary>
    public double Share { get; init; } = 1;

    /// <summary>A folder whose files lie beside those that are mutated; null: there are no others.</summary>
    public string? Beside { get; init; }

    /// <summary>What of it is left out: files and folders at its top.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Files that are neither beside the others nor mutated.</summary>
    public IReadOnlyList<FuzzedFile> Added { get; init; } = [];

    /// <summary>Makes the folder as it should be.</summary>
    public void Prepare(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Beside is null ? [] : Directory.EnumerateFiles(Beside, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(Beside!, file), copy = Path.Combine(folder, relative);
            if (LeftOut.Contains(relative.Split(Path.DirectorySeparatorChar)[0]))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        foreach (FuzzedFile file in Files.Concat(Added))
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file.Corpus[0].WriteTo(path);
        }
    }
}

/// <summary>A file that is mutated.</summary>
/// <param name="Path">Its path in the reader's folder.</param>
/// <param name="Corpus">What mutations start from; with the first of them the reader takes the folder.</param>
internal sealed record FuzzedFile(string Path, IReadOnlyList<Content> Corpus);
