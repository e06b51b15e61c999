using System.Diagnostics;

namespace Soak;

/// <summary>Several runs in one results folder at once: they end well or say who holds it, and nothing is lost.</summary>
internal static class Together
{
    // A container's first process has the id 1, so that ids tell nobody apart.
    private static readonly string[] Unshare = ["unshare", "--pid", "--fork", "--mount-proc"];

    // The first is the same command as the one that is begun with.
    private static readonly (string Seeds, string[] More)[] Others =
        [("0", []), ("0,1", []), ("0", ["--only", "images"]), ("0", ["--only", "answers"]), ("0,1", ["--only", "images"])];

    /// <summary>Why containers cannot be made here; null where they can.</summary>
    public static string? NoContainers { get; } = Try();

    /// <param name="count">How many at once.</param>
    public static Trial Of(Experiment experiment, int number, int count, bool inContainers)
    {
        string kind = $"{count} {(inContainers ? "containers" : "processes")} at once, {experiment.Model}";
        return new Trial(kind, number, folder =>
        {
            // What the others do differs from trial to trial: the same, other seeds, other stages.
            Tool[] tools =
            [
                .. Enumerable.Range(0, count).Select(which =>
                {
                    (string seeds, string[] more) = Others[which == 0 ? 0 : number % Others.Length];
                    return inContainers
                        ? experiment.StartIn(Unshare, folder.Path, seeds, more)
                        : experiment.Start(folder.Path, seeds, more);
                }),
            ];
            int[] codes = [.. tools.Select(tool => tool.Wait())];
            List<string> wrong =
            [
                .. tools.Zip(codes).Where(end => !IsGood(end.First, end.Second))
                    .Select(end => $"one ends with {end.Second}: {end.First.Errors}"),
            ];
            if (!codes.Contains(Exit.Done) && number % Others.Length == 0)
            {
                wrong.Add("none of them ends well");
            }

            foreach (Tool tool in tools)
            {
                tool.Dispose();
            }

            // Other seeds leave more images and answers behind, and images that were computed in other batches can differ by a level: then
            // it is asked that nothing is missing.
            bool isSame = Others[number % Others.Length].Seeds == Others[0].Seeds;
            IReadOnlyList<string> differences = experiment.Finished(folder.Path);
            return new TrialResult(count, [.. wrong, .. isSame ? differences : differences.Where(IsLossOrLeftover)]);
        });
    }

    // Whoever waits for a sign of another says so in a line before.
    private static bool IsGood(Tool tool, int code) => code == Exit.Done
        || (code == Exit.BadInput && tool.Errors.Split('\n') is { Length: <= 2 } lines && IsAboutOther(lines[^1]));

    private static bool IsAboutOther(string line) =>
        line.Contains("is worked in by process", StringComparison.Ordinal)
        || line.Contains("image is missing", StringComparison.Ordinal);

    private static bool IsLossOrLeftover(string difference) =>
        difference.EndsWith("is missing", StringComparison.Ordinal)
        || difference.Contains(".part", StringComparison.Ordinal)
        || difference.Contains("claim", StringComparison.Ordinal);

    private static string? Try()
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(Unshare[0], [.. Unshare[1..], "true"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : "unshare is not permitted here";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no unshare here";
        }
    }
}
