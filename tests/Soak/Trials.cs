namespace Soak;

/// <summary>All trials of a soak, those of all models in turn.</summary>
internal static class Trials
{
    // A trial plans one to four kills; some come when the run is over.
    private const double KillsATrial = 1.4;

    private const int SmallestDisk = 8;

    /// <param name="output">Told what cannot be done here.</param>
    public static IEnumerable<Trial> Of(IReadOnlyList<Experiment> experiments, SoakOptions options, TextWriter output)
    {
        if (FullDisks.Missing is { } noDisks && options.Disks > 0)
        {
            output.WriteLine($"SKIPPED full disks: {noDisks}");
        }

        if (Together.NoContainers is { } noContainers && options.Pairs + options.Fours > 0)
        {
            output.WriteLine($"SKIPPED containers, processes are taken: {noContainers}");
        }

        return
        [
            .. Each((int)Math.Ceiling(options.Kills / KillsATrial), Interruptions.Kills),
            .. Each(options.Signals, Interruptions.Asked),
            .. Each(FullDisks.Missing is null ? options.Disks : 0, (experiment, number) =>
                FullDisks.Of(experiment, number, DiskSize(experiment, number, options.Disks))),
            .. Each((options.Damaged + Damage.AtOnce - 1) / Damage.AtOnce, Damage.Of),
            .. Each(options.Pairs, (experiment, number) => Together.Of(experiment, number, 2, IsContained(number))),
            .. Each(options.Fours, (experiment, number) => Together.Of(experiment, number, 4, IsContained(number))),
        ];

        IEnumerable<Trial> Each(int count, Func<Experiment, int, Trial> make) =>
            Enumerable.Range(0, count).Select(number => make(experiments[number % experiments.Count], number));

        static bool IsContained(int number) => Together.NoContainers is null && number % 2 == 0;
    }

    // From almost nothing to what is nearly enough, in equal steps.
    private static int DiskSize(Experiment experiment, int number, int count)
    {
        long whole = Directory.EnumerateFiles(experiment.Whole, "*", SearchOption.AllDirectories)
            .Sum(file => (new FileInfo(file).Length + 4095) / 4096 * 4);
        return SmallestDisk + (int)(whole * number / Math.Max(1, count));
    }
}
