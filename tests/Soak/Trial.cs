namespace Soak;

/// <summary>One thing that is done to a run, and what came of it.</summary>
/// <param name="Kind">The row of the table.</param>
/// <param name="Number">Which of its kind; with the seed it says all.</param>
/// <param name="Do">Does it.</param>
internal sealed record Trial(string Kind, int Number, Func<TrialFolder, TrialResult> Do);

/// <summary>What came of a trial.</summary>
/// <param name="Events">How many kills, signals, damaged files, ... there were.</param>
/// <param name="Failures">What was lost or silent or ended in a fault; empty where all is well.</param>
internal sealed record TrialResult(int Events, IReadOnlyList<string> Failures);

/// <summary>A trial's own folder.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Random">Its own numbers.</param>
internal sealed record TrialFolder(string Path, Random Random)
{
    public string Results => System.IO.Path.Combine(Path, Experiment.Results);

    /// <summary>Begins with results that are there.</summary>
    public void Begin(string results)
    {
        foreach (string file in Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(Results, System.IO.Path.GetRelativePath(results, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
