using System.Globalization;
using System.Text.Json;
using Fuzz.Readers;

namespace Fuzz;

/// <summary>
/// The process that reads inputs. It is told on standard input which (<c>READER FROM TO</c>) and answers with JSON lines; which input it is
/// at stands in a file, so that what ends the process is found too.
/// </summary>
internal static class Worker
{
    public const string AtName = "at";

    /// <param name="folder">A folder of its own.</param>
    public static int Run(string folder, int seed)
    {
        Directory.CreateDirectory(folder);
        using FileStream at = File.Create(Path.Combine(folder, AtName));
        using MemoryWatch memory = new(() => Environment.Exit(Campaign.Hung));
        using StreamWriter answers = new(Console.OpenStandardOutput()) { AutoFlush = true };
        using StreamReader jobs = new(Console.OpenStandardInput());

        // What a reader prints is no answer.
        Console.SetOut(TextWriter.Null);
        while (jobs.ReadLine() is string job)
        {
            string[] words = job.Split(' ');
            FuzzedReader reader = ReaderCatalog.Named(words[0]);
            Trial trial = new(reader, Path.Combine(folder, reader.Name), memory);
            int from = int.Parse(words[1], CultureInfo.InvariantCulture), to = int.Parse(words[2], CultureInfo.InvariantCulture);
            int taken = 0, refused = 0;
            for (int number = from; number < to; number++)
            {
                at.Position = 0;
                at.Write(BitConverter.GetBytes(number));
                at.Flush();
                Outcome outcome = trial.Run(FuzzedInput.Of(reader, seed, number));
                if (number == 0 && outcome.Verdict == Verdict.Refused)
                {
                    outcome = new Outcome(Verdict.Finding, "the corpus is refused", "see the input");
                }

                taken += outcome.Verdict == Verdict.Taken ? 1 : 0;
                refused += outcome.Verdict == Verdict.Refused ? 1 : 0;
                if (outcome.Verdict == Verdict.Finding)
                {
                    answers.WriteLine(JsonSerializer.Serialize(new WorkerAnswer { Number = number, Finding = outcome }));
                }
            }

            answers.WriteLine(JsonSerializer.Serialize(new WorkerAnswer
            {
                Taken = taken,
                Refused = refused,
                Seconds = trial.Seconds,
                Slowest = trial.Slowest,
                MostMemory = trial.MostMemory,
            }));
            Directory.Delete(Path.Combine(folder, reader.Name), recursive: true);
        }

        return 0;
    }
}

/// <summary>A line of a worker: a finding, or that a job is done.</summary>
internal sealed record WorkerAnswer
{
    public int Number { get; init; }

    /// <summary>Null where a job is done.</summary>
    public Outcome? Finding { get; init; }

    public int Taken { get; init; }

    public int Refused { get; init; }

    public double Seconds { get; init; }

    public double Slowest { get; init; }

    public long MostMemory { get; init; }
}
