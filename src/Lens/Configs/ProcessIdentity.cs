using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DiffusionLens.Configs;

/// <summary>
/// A process as others can tell it from all processes that ever were: two containers of one machine have a process 1 each, and a number is
/// given again when its process is gone.
/// </summary>
/// <param name="Host">The machine's name, or the container's.</param>
/// <param name="Boot">What Linux calls this start of the machine; empty elsewhere.</param>
/// <param name="Namespace">Among which processes <see cref="Id"/> counts; empty where there is one such set alone.</param>
/// <param name="Id">The process's number.</param>
/// <param name="Start">When it started, in the clock ticks of its system.</param>
internal sealed partial record ProcessIdentity(string Host, string Boot, string Namespace, int Id, long Start)
{
    private const int StartField = 21, FieldsBeforeName = 2;
    private const string BootId = "/proc/sys/kernel/random/boot_id", Namespaces = "/proc/self/ns/pid", Self = "/proc/self";

    /// <summary>This process.</summary>
    public static ProcessIdentity Here { get; } = OfThisProcess();

    /// <summary>Eight hexadecimal digits that processes have in common which can tell of each other whether they still run.</summary>
    public string Neighborhood =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Host}\n{Boot}\n{Namespace}"))[..4]);

    /// <summary>Whether the process still runs; null where that cannot be seen from here.</summary>
    public bool? Runs() => Host != Here.Host || Boot != Here.Boot || Namespace != Here.Namespace || Namespace == Unseen ? null
        : StartOf(Id) is { } start ? Start == 0 || start == Start
        : IsHidden(Id) ? null : false;

    /// <summary>Whether a process of this neighborhood runs.</summary>
    /// <param name="id">Its number.</param>
    public static bool IsRunning(int id) => Here.Namespace == Unseen || StartOf(id) is not null || IsHidden(id);

    private static string Unseen => "unseen";

    private static ProcessIdentity OfThisProcess()
    {
        int id = Environment.ProcessId;
        string space = OperatingSystem.IsLinux() ? LinkOf(Namespaces) : "";

        // A container that is shown the processes of another one knows nothing of its own.
        bool isSeen = !OperatingSystem.IsLinux() || LinkOf(Self) == id.ToString(CultureInfo.InvariantCulture);
        return new ProcessIdentity(
            Environment.MachineName, OperatingSystem.IsLinux() ? TextOf(BootId) : "", isSeen ? space : Unseen, id, StartOf(id) ?? 0);
    }

    // On many clusters /proc shows each user their own processes alone (hidepid); signal 0 tells that there is one all the same.
    private static bool IsHidden(int id)
    {
        const int NoSignal = 0, NotPermitted = 1;
        return OperatingSystem.IsLinux() && Signal(id, NoSignal) != 0 && Marshal.GetLastPInvokeError() == NotPermitted;
    }

    // Null where there is no such process, or it is not shown.
    private static long? StartOf(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using Process process = Process.GetProcessById(id);
                return process.StartTime.ToUniversalTime().Ticks;
            }

            // The second field is the program's name in brackets, in which anything may stand.
            string status = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[StartField - FieldsBeforeName], CultureInfo.InvariantCulture);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return OperatingSystem.IsLinux() || problem is ArgumentException or InvalidOperationException ? null : 0;
        }
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
