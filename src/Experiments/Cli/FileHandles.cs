using Microsoft.Win32.SafeHandles;

namespace Experiments.Cli;

/// <summary>
/// Whether the process may open as many files as it takes. The runtime keeps every part of the program open, a run of all stages about 140
/// files; where it may not, parts are missing one after another, with errors that do not tell why. Only what the runtime has loaded by
/// itself is used here.
/// </summary>
internal static class FileHandles
{
    private const int Needed = 200;

    /// <summary>Says on standard error where they are too few.</summary>
    public static bool AreEnough()
    {
        if (!OperatingSystem.IsLinux() || (Limit() is var limit && (limit is null || limit >= Needed)))
        {
            return true;
        }

        string message = $"dlens-repro: only {limit} files may be open at the same time (ulimit -n), and it takes {Needed}; raise the limit\n";
        byte[] bytes = new byte[message.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)message[i];
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

    // The runtime has raised the limit as far as it may. Null: not known.
    private static int? Limit()
    {
        try
        {
            foreach (string line in File.ReadAllLines("/proc/self/limits"))
            {
                const string Name = "Max open files";
                if (line.StartsWith(Name, StringComparison.Ordinal))
                {
                    return int.TryParse(line[Name.Length..].TrimStart().Split(' ')[0], out int limit) ? limit : null;
                }
            }

            return null;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
