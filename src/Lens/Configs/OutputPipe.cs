using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Configs;

/// <summary>Pipes and devices to write to.</summary>
internal static partial class OutputPipe
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Opens one. Whoever opens a pipe waits for its reader, deaf to signals: not longer than ten seconds here.</summary>
    /// <exception cref="IOException">It cannot be opened, or nobody reads it.</exception>
    public static FileStream Open(string path)
    {
        if (OutputFile.IsDescriptor(Path.GetFullPath(path)))
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        }

        return OperatingSystem.IsLinux() && FileStatus.Of(path).Kind == FileKind.Pipe
            ? new FileStream(OpenPipe(path), FileAccess.Write, bufferSize: 0)
            : new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
    }

    private static SafeFileHandle OpenPipe(string path)
    {
        const int WriteOnly = 1, DoNotWait = 0x800, ClosesInChildren = 0x80000, SetStatus = 4, NobodyReads = 6;
        Stopwatch watch = Stopwatch.StartNew();
        int number = Open(path, WriteOnly | DoNotWait | ClosesInChildren);
        while (number < 0 && Marshal.GetLastPInvokeError() == NobodyReads && watch.Elapsed < LongestWait)
        {
            Thread.Sleep(50);
            number = Open(path, WriteOnly | DoNotWait | ClosesInChildren);
        }

        if (number < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException(error == NobodyReads ? "it is a pipe, and nobody reads it" : Marshal.GetPInvokeErrorMessage(error));
        }

        // From here on a write waits for its reader.
        _ = Control(number, SetStatus, 0);
        return new SafeFileHandle(number, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int number, int command, int value);
}
