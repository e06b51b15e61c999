using System.Collections.Concurrent;
using Fuzz.Readers;

namespace Fuzz;

/// <summary>Gives readers their inputs, in processes that may die of them, and counts what became of these.</summary>
/// <param name="Inputs">How many a reader; <see cref="FuzzedReader.Share"/> of them where one costs much.</param>
/// <param name="Seed">The same seed makes the same inputs.</param>
/// <param name="Processes">How many at once.</param>
internal sealed record Campaign(int Inputs, int Seed, int Processes)
{
    /// <summary>How a worker ends that hangs.</summary>
    public const int Hung = 99;

    private const int Job = 500, SavedOfKind = 3;

    private readonly Lock _counting = new();
    private int _workers;

    /// <summary>What became of each reader's inputs.</summary>
    public SortedDictionary<string, Tally> Tallies { get; } = new(StringComparer.Ordinal);

    /// <summary>Where inputs are kept that show something.</summary>
    public string Findings { get; init; } = Repository.At("out/fuzz");

    /// <summary>Called after each piece of work with how much is done, 0 to 1.</summary>
    public Action<double>? OnProgress { get; init; }

    /// <summary>How many inputs a reader gets.</summary>
    public int InputsOf(FuzzedReader reader) => (int)Math.Ceiling(Inputs * reader.Share);

    public void Run(IReadOnlyList<FuzzedReader> readers)
    {
        (string Reader, int From, int To)[] jobs =
        [
            .. from reader in readers
               let inputs = InputsOf(reader)
               from start in Enumerable.Range(0, (inputs + Job - 1) / Job)
               select (reader.Name, start * Job, Math.Min(inputs, (start + 1) * Job)),
        ];
        foreach (FuzzedReader reader in readers)
        {
            Tallies[reader.Name] = new Tally();
        }

        // Some readers' inputs cost much more than others': whoever is free takes the next piece.
        ConcurrentQueue<(string Reader, int From, int To)> open = new(jobs);
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        if (Directory.Exists("/dev/shm"))
        {
            Directory.Delete(folder);
            folder = Path.Combine("/dev/shm", Path.GetFileName(folder));
        }

        try
        {
            Task.WaitAll([.. Enumerable.Range(0, Processes).Select(_ => Task.Run(() => Work(open, folder, jobs.Length)))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Work(ConcurrentQueue<(string Reader, int From, int To)> open, string folder, int jobs)
    {
        WorkerProcess? worker = null;
        while (open.TryDequeue(out (string Reader, int From, int To) job))
        {
            for (int from = job.From; from < job.To;)
            {
                worker ??= new WorkerProcess(Path.Combine(folder, $"{Interlocked.Increment(ref _workers)}"), Seed);
                if (worker.Do(job.Reader, from, job.To, answer => Take(job.Reader, answer)))
                {
                    break;
                }

                // The reader took the process with it: that input is a finding, and a new process goes on after it.
                Take(job.Reader, new WorkerAnswer
                {
                    Number = worker.At,
                    Finding = new Outcome(
                        Verdict.Finding,
                        worker.ExitCode == Hung ? "hang" : $"the process ends ({worker.ExitCode})",
                        worker.Errors),
                });
                lock (_counting)
                {
                    // What it had read before is not told any more.
                    Tallies[job.Reader].Refused += worker.At - from;
                }

                from = worker.At + 1;
                worker.Dispose();
                worker = null;
            }

            OnProgress?.Invoke(1 - (open.Count / (double)jobs));
        }

        worker?.Dispose();
    }

    private void Take(string reader, WorkerAnswer answer)
    {
        lock (_counting)
        {
            Tally tally = Tallies[reader];
            tally.Taken += answer.Taken;
            tally.Refused += answer.Refused;
            tally.Seconds += answer.Seconds;
            tally.Slowest = Math.Max(tally.Slowest, answer.Slowest);
            tally.MostMemory = Math.Max(tally.MostMemory, answer.MostMemory);
            if (answer.Finding is { } finding && tally.Add(finding.What) <= SavedOfKind)
            {
                Keep(ReaderCatalog.Named(reader), answer.Number, finding);
            }
        }
    }

    private void Keep(FuzzedReader reader, int number, Outcome finding)
    {
        string folder = Path.Combine(Findings, reader.Name, $"{Seed}-{number}");
        FuzzedInput input = FuzzedInput.Of(reader, Seed, number);
        string path = Path.Combine(folder, Path.GetFileName(input.File.Path));
        Directory.CreateDirectory(folder);
        input.Content.WriteTo(path);
        File.WriteAllText(
            Path.Combine(folder, "finding.txt"),
            $"""
            {finding.What}
            {input.File.Path}
            again: dotnet run --project tests/Fuzz -- again {reader.Name} {Seed} {number}

            {finding.Detail}

            """);
    }
}
