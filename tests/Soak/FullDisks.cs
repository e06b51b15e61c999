using System.Diagnostics;

namespace Soak;

/// <summary>Runs on disks that are too small, and then go on when there is room.</summary>
internal static class FullDisks
{
    private const int Enough = 64_000;

    /// <summary>Why such disks cannot be made here; null where they can.</summary>
    public static string? Missing { get; } = Try();

    /// <param name="kilobytes">The disk's size.</param>
    public static Trial Of(Experiment experiment, int number, int kilobytes) => new($"full disks, {experiment.Model}", number, folder =>
    {
        Directory.CreateDirectory(folder.Results);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder.Results) != 0)
        {
            return new TrialResult(0, ["mount does not work any more"]);
        }

        try
        {
            using Tool tool = experiment.Start(folder.Path);
            int code = tool.Wait();
            List<string> wrong = [];
            if (code is not (Exit.Done or Exit.BadInput))
            {
                wrong.Add($"with {kilobytes} kB it ends with {code}: {tool.Errors}");
            }
            else if (code == Exit.BadInput && !IsOneLineAboutSpace(tool.Errors))
            {
                wrong.Add($"with {kilobytes} kB it says: {tool.Errors}");
            }

            Run("mount", "-o", $"remount,size={Enough}k", folder.Results);
            return new TrialResult(code == Exit.Done ? 0 : 1, [.. wrong, .. experiment.Finished(folder.Path)]);
        }
        finally
        {
            Run("umount", folder.Results);
        }
    });

    private static bool IsOneLineAboutSpace(string errors) =>
        !errors.Contains('\n', StringComparison.Ordinal) && errors.Contains("space", StringComparison.OrdinalIgnoreCase);

    private static string? Try()
    {
        string place = Directory.CreateTempSubdirectory("soak-").FullName;
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", place) == 0 && Run("umount", place) == 0 ? null
                : "mount is not permitted here";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no mount here";
        }
        finally
        {
            Directory.Delete(place);
        }
    }

    private static int Run(params string[] words)
    {
        using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
