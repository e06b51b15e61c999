using System.Runtime.InteropServices;

namespace DiffusionLens.Configs;

/// <summary>
/// Files that are there whole or not at all, whenever the program is stopped. What the path names stays what it is: a link is followed and
/// the file that it names is replaced, and a device or a pipe gets the bytes as they come.
/// </summary>
internal static partial class OutputFile
{
    private static readonly string[] StandardOutput = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    /// <summary>Whether what is written to a path comes out of this process's standard output.</summary>
    public static bool IsStandardOutput(string path) => StandardOutput.Contains(Path.GetFullPath(path));

    /// <summary>Whether a path leads to something that takes bytes and is no file: a device, a pipe, an open descriptor.</summary>
    public static bool IsStream(string path)
    {
        string full = Path.GetFullPath(path);
        return IsDescriptor(full) || FileStatus.Of(full).Kind is FileKind.Pipe or FileKind.Socket or FileKind.Device;
    }

    /// <summary>The file that a path leads to, over all links; it need not be there.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string TargetOf(string path)
    {
        FileInfo file = new(Path.GetFullPath(path));
        return file.LinkTarget is null || IsDescriptor(file.FullName)
            ? file.FullName
            : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    /// <summary>Writes a file beside its place and then moves it there, replacing what was there.</summary>
    /// <param name="path">The file to have; its folder is there.</param>
    /// <param name="write">Writes it from the first byte to the last.</param>
    /// <param name="flushToDisk">Wait until it and its name are on the disk, so that it outlasts a power cut.</param>
    /// <exception cref="IOException">It cannot be written; what stood there before still stands.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written; what stood there before still stands.</exception>
    public static void Write(string path, Action<Stream> write, bool flushToDisk = false)
    {
        if (IsStream(path))
        {
            using Stream open = IsStandardOutput(path) ? StandardStream.Output : OutputPipe.Open(path);
            write(open);
            return;
        }

        string target = TargetOf(path), unfinished = UnfinishedFile.Beside(target);
        try
        {
            using (FileStream file = File.Create(unfinished))
            {
                write(file);
                file.Flush(flushToDisk);
            }

            File.Move(unfinished, target, overwrite: true);
            if (flushToDisk)
            {
                FlushFolder(Path.GetDirectoryName(target)!);
            }
        }
        catch
        {
            Remove(unfinished);
            throw;
        }
    }

    // What went wrong before is what is told.
    private static void Remove(string unfinished)
    {
        try
        {
            File.Delete(unfinished);
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Waits until files and the names in their folders are on the disk; what is not there is passed over.</summary>
    /// <param name="files">Files that were written without waiting.</param>
    /// <exception cref="IOException">The disk has no room for one, or is broken.</exception>
    public static void Flush(IReadOnlyCollection<string> files)
    {
        foreach (string file in files)
        {
            Flush(file);
        }

        foreach (string folder in files.Select(file => Path.GetDirectoryName(TargetOf(file))!).Distinct())
        {
            FlushFolder(folder);
        }
    }

    /// <summary>Waits until the names in a folder are on the disk, where the system has such a thing.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Flush(folder);
        }
    }

    // Some file systems cannot; what is written on them is as safe as they make it.
    private static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            file.Flush(flushToDisk: true);
            return;
        }

        const int ReadOnly = 0, InputOutput = 5, NoSpace = 28;
        int overQuota = OperatingSystem.IsLinux() ? 122 : 69;
        int descriptor = Open(path, ReadOnly);
        if (descriptor >= 0)
        {
            int error = FlushDescriptor(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(descriptor);
            if (error is InputOutput or NoSpace || error == overQuota)
            {
                // File systems of a network may find out only now that they have no room.
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>Behind these names lies what the process has open, which must not be replaced by a file of the same name.</summary>
    internal static bool IsDescriptor(string path)
        => path.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || path is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
            || (path.StartsWith("/proc/", StringComparison.Ordinal) && path.Contains("/fd/", StringComparison.Ordinal));
}
