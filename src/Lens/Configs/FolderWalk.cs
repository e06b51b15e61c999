namespace DiffusionLens.Configs;

/// <summary>What is in a folder, in ordinal order. A folder that cannot be read is bad input.</summary>
internal static class FolderWalk
{
    /// <summary>
    /// The names of all in a folder but its folders: also of links that lead nowhere, which only matter where they are read.
    /// </summary>
    /// <exception cref="BadInputException">The folder cannot be read.</exception>
    public static string[] Files(string folder) => Names(folder, Directory.EnumerateFiles);

    /// <summary>The names of the folders in a folder.</summary>
    /// <exception cref="BadInputException">The folder cannot be read.</exception>
    public static string[] Folders(string folder) => Names(folder, Directory.EnumerateDirectories);

    /// <summary>Whether nothing is in a folder.</summary>
    /// <exception cref="BadInputException">The folder cannot be read.</exception>
    public static bool IsEmpty(string folder) => Names(folder, Directory.EnumerateFileSystemEntries).Length == 0;

    /// <summary>
    /// The regular files of a folder and of all folders in it. Each folder is entered once, however many links lead to it, and links to
    /// folders above are not followed; pipes, sockets, devices and links that lead nowhere are passed over.
    /// </summary>
    /// <param name="folder">The folder; it is there.</param>
    /// <param name="enters">Whether to look into a folder of this name.</param>
    /// <param name="passesOver">Whether a folder that cannot be read is passed over.</param>
    /// <param name="cancellation">Heeded at every entry.</param>
    /// <returns>The files, each below <paramref name="folder"/>.</returns>
    /// <exception cref="BadInputException">A folder cannot be read.</exception>
    public static IEnumerable<string> AllFiles(
        string folder, Func<string, bool>? enters = null, bool passesOver = false, CancellationToken cancellation = default)
    {
        HashSet<object> closed = [.. Above(folder), IdentityOf(folder)];
        Stack<string> open = new([folder]);
        while (open.TryPop(out string? place))
        {
            string[] files, folders;
            try
            {
                (files, folders) = (Files(place), Folders(place));
            }
            catch (BadInputException) when (passesOver)
            {
                continue;
            }

            foreach (string file in files.Select(name => Path.Combine(place, name)))
            {
                cancellation.ThrowIfCancellationRequested();
                FileKind kind = FileStatus.Of(file).Kind;
                if (kind == FileKind.File)
                {
                    yield return file;
                }
                else if (kind == FileKind.Forbidden && !passesOver)
                {
                    InputFile.Require(file);
                }
            }

            foreach (string name in folders.Reverse().Where(name => enters?.Invoke(name) != false))
            {
                cancellation.ThrowIfCancellationRequested();
                if (closed.Add(IdentityOf(Path.Combine(place, name))))
                {
                    open.Push(Path.Combine(place, name));
                }
            }
        }
    }

    private static IEnumerable<object> Above(string folder)
    {
        for (string? above = Path.GetDirectoryName(RealPath(folder)); above is not null; above = Path.GetDirectoryName(above))
        {
            yield return IdentityOf(above);
        }
    }

    // Where the system does not tell which folder it is, the end of its links has to do.
    private static object IdentityOf(string folder) => FileStatus.Of(folder).Identity is { } identity ? identity : RealPath(folder);

    private static string RealPath(string folder)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(
                new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What is wrong with it is told when it is read.
            return Path.GetFullPath(folder);
        }
    }

    private static string[] Names(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return [.. list(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder}: cannot be read ({SystemFailure.ReasonOf(failure)})", failure);
        }
    }
}
