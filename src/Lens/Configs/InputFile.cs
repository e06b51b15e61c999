using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Configs;

/// <summary>
/// Files that a user names: what keeps them from being read is told as bad input, with the path. Pointers of git LFS are told as such.
/// </summary>
internal static class InputFile
{
    internal static SafeFileHandle Open(string path)
    {
        SafeFileHandle file = Try(path, () => File.OpenHandle(path));
        try
        {
            byte[] start = new byte[GitLfsPointer.LongestBytes];
            GitLfsPointer.Refuse(start.AsSpan(0, Try(path, () => RandomAccess.Read(file, start, 0))), path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <param name="path">The file.</param>
    /// <param name="largestBytes">The largest that is read.</param>
    /// <exception cref="BadInputException">It cannot be read, or is larger.</exception>
    internal static byte[] ReadBytes(string path, long largestBytes = ConfigFile.LargestBytes)
    {
        byte[] bytes = Try(path, () => File.ReadAllBytes(Bounded(path, largestBytes)));
        GitLfsPointer.Refuse(bytes, path);
        return bytes;
    }

    /// <param name="path">The file.</param>
    /// <param name="largestBytes">The largest that is read.</param>
    /// <exception cref="BadInputException">It cannot be read, or is larger.</exception>
    internal static string ReadText(string path, long largestBytes = ConfigFile.LargestBytes)
    {
        string text = Try(path, () => File.ReadAllText(Bounded(path, largestBytes)));
        GitLfsPointer.Refuse(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, GitLfsPointer.LongestBytes)]), path);
        return text;
    }

    private static string Bounded(string path, long largestBytes)
        => new FileInfo(path) is { Length: var length } && length > largestBytes
            ? throw new BadInputException($"{path}: has {length} bytes; of such a file at most {largestBytes} are read")
            : path;

    private static T Try<T>(string path, Func<T> read)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException(Directory.Exists(path) ? $"{path}: is a folder, not a file" : $"{path}: there is no such file");
        }

        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw DanglingLink(path) is { } target
                ? new BadInputException($"{path}: is a link to {target}, where there is no file; get the file again", failure)
                : new BadInputException($"{path}: cannot be read ({failure.Message})", failure);
        }
    }

    /// <summary>Where a link leads that leads nowhere; null of other files.</summary>
    private static string? DanglingLink(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: false } target ? target.FullName : null;
        }
        catch (IOException)
        {
            return new FileInfo(path).LinkTarget;
        }
    }
}
