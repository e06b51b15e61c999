namespace Soak;

/// <summary>Runs that are ended at random instants, again and again, and then go on to their end.</summary>
internal static class Interruptions
{
    private const int Kill = 9;

    private static readonly (string Name, int Number)[] Signals = [("SIGINT", 2), ("SIGTERM", 15), ("SIGHUP", 1)];

    /// <summary>A trial is one to four kills of a run.</summary>
    public static Trial Kills(Experiment experiment, int number) => new($"kills, {experiment.Model}", number, folder =>
    {
        BeginSomewhere(experiment, folder);
        int kills = 0;
        List<string> failures = [];
        for (int planned = 1 + folder.Random.Next(4); planned > 0; planned--)
        {
            using Tool tool = experiment.Start(folder.Path);
            WaitSomewhere(experiment, tool, folder.Random);
            kills += tool.HasExited ? 0 : 1;
            tool.Signal(Kill);
            if (tool.Wait() is not (Exit.Done or 128 + Kill) and var code)
            {
                failures.Add($"ends with {code} before it was killed: {tool.Errors}");
            }
        }

        return new TrialResult(kills, [.. failures, .. experiment.Finished(folder.Path)]);
    });

    /// <summary>A trial is one signal that asks a run to end.</summary>
    public static Trial Asked(Experiment experiment, int number) => new($"signals, {experiment.Model}", number, folder =>
    {
        BeginSomewhere(experiment, folder);
        (string name, int signal) = Signals[number % Signals.Length];
        using Tool tool = experiment.Start(folder.Path);
        WaitSomewhere(experiment, tool, folder.Random);
        int sent = tool.HasExited ? 0 : 1;
        tool.Signal(signal);
        int code = tool.Wait();

        // Before the tool listens, the system ends it; so it does with SIGHUP where the tool leaves that to it.
        bool isGood = code is Exit.Done or Exit.Interrupted || code == 128 + signal;
        string[] wrong = isGood ? [] : [$"{name} ends it with {code}: {tool.Errors}"];
        return new TrialResult(sent, [.. wrong, .. experiment.Finished(folder.Path)]);
    });

    private static void BeginSomewhere(Experiment experiment, TrialFolder folder)
    {
        if (folder.Random.Next(2) == 0)
        {
            folder.Begin(experiment.ImagesAlone);
        }
    }

    // Half of the instants are spread evenly over the time that a run takes, half evenly over what it says, so that short stages get
    // theirs.
    private static void WaitSomewhere(Experiment experiment, Tool tool, Random random)
    {
        IReadOnlyList<TimeSpan> lines = experiment.Lines;
        TimeSpan gap;
        if (random.Next(2) == 0)
        {
            int line = random.Next(lines.Count);
            tool.WaitForLines(line);
            gap = lines[line] - (line == 0 ? TimeSpan.Zero : lines[line - 1]);
        }
        else
        {
            gap = experiment.Took;
        }

        TimeSpan rest = gap * random.NextDouble();
        for (TimeSpan waited = TimeSpan.Zero; waited < rest && !tool.HasExited; waited += TimeSpan.FromMilliseconds(5))
        {
            Thread.Sleep(5);
        }
    }
}
