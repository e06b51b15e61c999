using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Experiments.Cli;

/// <summary>
/// Whether the system lets this process have what it takes, of what a user may limit. The runtime keeps every part of the program open, a
/// run of all stages about 140 files, and libtorch takes gigabytes of addresses; where there are too few of them, parts are missing one
/// after another, with errors that do not tell why. Only what the runtime has loaded by itself is used here.
/// </summary>
internal static class ProcessLimits
{
    private const long Files = 200, Addresses = 3_700_000_000;

    /// <summary>Says on standard error what is too little.</summary>
    public static bool AreEnough() => !OperatingSystem.IsLinux() || Complaint() is not { } complaint || Say(complaint);

    // The runtime has raised the limits as far as it may.
    private static string? Complaint() => LimitOf("Max open files") is { } files && files < Files
        ? $"only {files} files may be open at the same time (ulimit -n), and it takes {Files}; raise the limit"
        : LimitOf("Max address space") is { } bytes && bytes < Addresses
            ? $"only {bytes >> 10} KB of addresses may be used (ulimit -v), and it takes {Addresses >> 10}; raise the limit"
            : null;

    private static bool Say(string complaint)
    {
        string line = $"dlens-repro: {complaint}\n";
        byte[] bytes = new byte[line.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)line[i];
        }

        try
        {
            using FileStream error = new(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            error.Write(bytes, 0, bytes.Length);
        }
        catch (IOException)
        {
        }

        return false;
    }

    /// <summary>A limit as it is now; null where there is none, or it is not known.</summary>
    private static long? LimitOf(string name)
    {
        try
        {
            foreach (string line in File.ReadAllLines("/proc/self/limits"))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                {
                    string soft = line[name.Length..].TrimStart().Split(' ')[0];
                    return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
                }
            }
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }

        return null;
    }
}
