using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Soak;

/// <summary>
/// Runs of the tool that are killed, asked to stop, out of disk, damaged and doubled, and the comparison of what is left with an unharmed
/// run: <c>dotnet run --project tests/Soak -- --kills 500 --signals 60 --disks 40 --damaged 600 --pairs 20 --fours 20</c>; <c>--short</c>
/// is the form for CI. Also <c>--models</c>, <c>--seed</c> and <c>--processes</c>, which is how many trials at once.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        SoakOptions options = SoakOptions.Read(arguments);
        string folder = Directory.CreateTempSubdirectory("soak-").FullName;
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            Experiment[] experiments = [.. options.Models.Select(model => Experiment.Make(model, Path.Combine(folder, model)))];
            Console.WriteLine(string.Join(", ", experiments.Select(one => $"{one.Model}: {one.Took.TotalSeconds:0.0} s")) + " unharmed");
            Trial[] trials = [.. Trials.Of(experiments, options, Console.Out)];
            SortedDictionary<string, Row> rows = new(StringComparer.Ordinal);
            ConcurrentQueue<Trial> open = new(trials);
            Task.WaitAll([.. Enumerable.Range(0, options.Processes).Select(_ => Task.Run(() => Work(open, folder, options, rows, watch)))]);
            return Table(rows, watch.Elapsed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Work(
        ConcurrentQueue<Trial> open, string folder, SoakOptions options, SortedDictionary<string, Row> rows, Stopwatch watch)
    {
        while (open.TryDequeue(out Trial? trial))
        {
            string own = Path.Combine(folder, $"{trial.Kind.Replace(' ', '-')}-{trial.Number}");
            Directory.CreateDirectory(own);
            int number = trial.Kind.Aggregate(options.Seed, (sum, letter) => unchecked((sum * 31) + letter)) + (trial.Number * 7919);
            TrialResult result = trial.Do(new TrialFolder(own, new Random(number)));
            lock (rows)
            {
                Row row = rows.TryGetValue(trial.Kind, out Row? there) ? there : rows[trial.Kind] = new Row();
                row.Trials++;
                row.Events += result.Events;
                row.Failed += result.Failures.Count > 0 ? 1 : 0;
                if (result.Failures.Count > 0)
                {
                    Console.WriteLine($"FAILED {trial.Kind}, number {trial.Number}, after {watch.Elapsed.TotalSeconds:0} s:");
                    Console.WriteLine(string.Join('\n', result.Failures.Take(6).Select(line => "    " + line)));
                }
            }

            if (result.Failures.Count > 0 && Directory.Exists(Path.Combine(own, Experiment.Results)))
            {
                string kept = Path.GetFullPath($"out/soak/{Path.GetFileName(own)}");
                Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
                Process.Start("cp", ["-rT", own, kept]).WaitForExit();
            }

            Directory.Delete(own, recursive: true);
        }
    }

    private static int Table(SortedDictionary<string, Row> rows, TimeSpan took)
    {
        Console.WriteLine($"{"",-40}{"trials",9}{"events",9}{"failed",9}");
        foreach ((string kind, Row row) in rows)
        {
            Console.WriteLine($"{kind,-40}{row.Trials,9}{row.Events,9}{row.Failed,9}");
        }

        int failed = rows.Values.Sum(row => row.Failed);
        Console.WriteLine(
            $"{rows.Values.Sum(row => row.Trials)} trials, {rows.Values.Sum(row => row.Events)} events, {Tool.Started} processes "
            + $"in {took.TotalSeconds:0} s: {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private sealed class Row
    {
        public int Trials { get; set; }

        public int Events { get; set; }

        public int Failed { get; set; }
    }
}
