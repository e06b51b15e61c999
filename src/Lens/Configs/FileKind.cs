using System.Runtime.InteropServices;

namespace DiffusionLens.Configs;

/// <summary>What lies at a path, over all links.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or links that lead nowhere or in a circle.</summary>
    Missing,

    /// <summary>It cannot be told: a folder on the way must not be entered.</summary>
    Forbidden,

    /// <summary>A regular file.</summary>
    File,

    Folder,

    /// <summary>A pipe: whoever opens it waits for somebody at its other end.</summary>
    Pipe,

    Socket,

    /// <summary>A device, such as <c>/dev/zero</c>, which may never end.</summary>
    Device,
}

/// <summary>
/// What the system knows of a path without opening it. .NET tells folders from files, but not files from pipes, sockets and devices; these
/// can keep a program waiting for ever.
/// </summary>
/// <param name="Kind">What lies there.</param>
/// <param name="Identity">The same for all names and links of one file or folder; null where that is not known.</param>
internal readonly partial record struct FileStatus(FileKind Kind, (ulong Device, ulong Number)? Identity)
{
    private static readonly FileStatus Nothing = new(FileKind.Missing, null);

    /// <summary>What a path leads to.</summary>
    public static FileStatus Of(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            return Nothing;
        }

        try
        {
            return OperatingSystem.IsLinux() ? OnLinux(path) : Elsewhere(path);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return Elsewhere(path);
        }
    }

    private static FileStatus OnLinux(string path)
    {
        const int CurrentFolder = -100, FollowLinks = 0, NotPermitted = 13;
        const uint TypeAndNumber = 0x101;
        if (Statx(CurrentFolder, path, FollowLinks, TypeAndNumber, out Status status) != 0)
        {
            return Marshal.GetLastPInvokeError() == NotPermitted ? new FileStatus(FileKind.Forbidden, null) : Nothing;
        }

        return new FileStatus(
            (status.Mode & 0xF000) switch
            {
                0x8000 => FileKind.File,
                0x4000 => FileKind.Folder,
                0x1000 => FileKind.Pipe,
                0xC000 => FileKind.Socket,
                _ => FileKind.Device,
            },
            (((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Number));
    }

    private static FileStatus Elsewhere(string path) => new(
        path.StartsWith("/dev/", StringComparison.Ordinal) ? FileKind.Device
            : File.Exists(path) ? FileKind.File
            : Directory.Exists(path) ? FileKind.Folder
            : FileKind.Missing,
        null);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Status status);

    /// <summary>Linux's <c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
