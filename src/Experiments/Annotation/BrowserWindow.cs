using System.ComponentModel;
using System.Diagnostics;

namespace Experiments.Annotation;

/// <summary>The user's browser.</summary>
internal static class BrowserWindow
{
    /// <summary>Opens a page in it where there is one; the link is printed too, so that nothing is lost where there is none.</summary>
    /// <param name="link">The page.</param>
    public static void Open(string link)
    {
        if (OperatingSystem.IsLinux() && !HasDisplay())
        {
            // What xdg-open finds then is a browser for text, which takes the terminal.
            return;
        }

        try
        {
            ProcessStartInfo start = OperatingSystem.IsWindows()
                ? new(link) { UseShellExecute = true }
                : new("/bin/sh", ["-c", "exec \"$0\" \"$1\" >/dev/null 2>&1", OperatingSystem.IsMacOS() ? "open" : "xdg-open", link]);
            using Process? browser = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // There is no such program.
        }
    }

    private static bool HasDisplay() =>
        Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 }
        || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
}
