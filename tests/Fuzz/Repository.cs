namespace Fuzz;

/// <summary>The files of the repository that corpora are made of.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    /// <summary>A file or folder.</summary>
    /// <param name="path">From the root, with forward slashes.</param>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>One of the reference models and files of the library's tests.</summary>
    public static string Reference(string path) => At($"tests/Lens.Tests/reference/{path}");

    /// <summary>A file's content.</summary>
    public static Content Read(string path) => new(File.ReadAllBytes(At(path)));

    /// <summary>The same of all files of a folder with an ending, in order.</summary>
    public static IReadOnlyList<Content> ReadAll(string folder, string pattern, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        [
            .. Directory.EnumerateFiles(At(folder), pattern, depth)
                .Order(StringComparer.Ordinal)
                .Select(file => new Content(File.ReadAllBytes(file))),
        ];

    /// <summary>The head of a safetensors file, with zeros for its tensors.</summary>
    public static Content ReadHead(string path)
    {
        byte[] bytes = File.ReadAllBytes(At(path));
        int head = sizeof(long) + (int)BitConverter.ToInt64(bytes);
        return new Content(bytes[..head], bytes.Length - head);
    }

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "DiffusionLens.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("Corpora are made of the repository's files: run this in a clone.");
    }
}
