using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Configs;

/// <summary>
/// Files that a user names: what keeps them from being read is told as bad input, with the path. Pointers of git LFS are told as such; so
/// are pipes, sockets and devices, which are not opened, since they may never answer or never end.
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

    /// <summary>Opens a file to be read from its beginning to its end; one that the process has open may be a pipe.</summary>
    internal static FileStream OpenStream(string path)
        => Try(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), mayBePipe: true);

    /// <param name="path">The file.</param>
    /// <param name="largestBytes">The largest that is read.</param>
    /// <exception cref="BadInputException">It cannot be read, or is larger.</exception>
    internal static byte[] ReadBytes(string path, long largestBytes = ConfigFile.LargestBytes)
    {
        byte[] bytes = Try(path, () => File.ReadAllBytes(Bounded(path, largestBytes)), mayBePipe: true);
        GitLfsPointer.Refuse(bytes, path);
        return bytes;
    }

    /// <param name="path">The file.</param>
    /// <param name="largestBytes">The largest that is read.</param>
    /// <exception cref="BadInputException">It cannot be read, or is larger.</exception>
    internal static string ReadText(string path, long largestBytes = ConfigFile.LargestBytes)
    {
        string text = Try(path, () => File.ReadAllText(Bounded(path, largestBytes)), mayBePipe: true);
        GitLfsPointer.Refuse(Encoding.UTF8.GetBytes(text[..Math.Min(text.Length, GitLfsPointer.LongestBytes)]), path);
        return text;
    }

    private static string Bounded(string path, long largestBytes)
        => new FileInfo(path) is { Length: var length } && length > largestBytes
            ? throw new BadInputException($"{path}: has {length} bytes; of such a file at most {largestBytes} are read")
            : path;

    /// <summary>Refuses what is no file that can be read; nothing is opened.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayBePipe">Whether a pipe is taken that the process was given open, as <c>/dev/fd/63</c>.</param>
    /// <exception cref="BadInputException">It is not there, or is something else.</exception>
    internal static void Require(string path, bool mayBePipe = false)
    {
        switch (FileStatus.Of(path).Kind)
        {
            case FileKind.File:
            case FileKind.Pipe or FileKind.Socket when mayBePipe && OutputFile.IsDescriptor(Path.GetFullPath(path)):
                return;
            case FileKind.Folder:
                throw new BadInputException($"{path}: is a folder, not a file");
            case FileKind.Pipe:
                throw new BadInputException($"{path}: is a pipe, not a file; give a file");
            case FileKind.Socket:
                throw new BadInputException($"{path}: is a socket, not a file; give a file");
            case FileKind.Device:
                throw new BadInputException($"{path}: is a device, not a file; give a file");
            case FileKind.Forbidden:
                throw new BadInputException($"{path}: cannot be read (a folder on the way to it must not be entered)");
            default:
                throw new BadInputException(LinkTarget(path) is { } target
                    ? $"{path}: is a link to {target}, where there is no file; get the file again"
                    : $"{path}: there is no such file");
        }
    }

    private static T Try<T>(string path, Func<T> read, bool mayBePipe = false)
    {
        Require(path, mayBePipe);
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BadInputException($"{path}: cannot be read ({SystemFailure.ReasonOf(failure)})", failure);
        }
    }

    /// <summary>Where a link leads; null of other files.</summary>
    private static string? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Links that go in a circle have no last one.
            return path.Contains('\0', StringComparison.Ordinal) ? null : new FileInfo(path).LinkTarget;
        }
    }
}
