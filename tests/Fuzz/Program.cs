using System.Diagnostics;
using System.Globalization;
using Fuzz.Readers;

namespace Fuzz;

/// <summary>
/// The long form: <c>dotnet run --project tests/Fuzz -- --inputs 200000</c> spreads so many inputs over all readers; <c>--each N</c> gives
/// each so many, <c>--readers a,b</c> takes some, <c>--seed N</c> other inputs, <c>--processes N</c> so many at once. <c>again READER SEED
/// NUMBER</c> reads one input with the exception that it ends in.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        switch (arguments)
        {
            case ["work", string folder, string seed]:
                return Worker.Run(folder, Whole(seed));
            case ["list"]:
                Console.WriteLine(string.Join('\n', ReaderCatalog.All.Select(reader => reader.Name)));
                return 0;
            case ["again", string reader, string seed, string number]:
                return Again(ReaderCatalog.Named(reader), Whole(seed), Whole(number));
            default:
                return Run(arguments);
        }
    }

    private static int Run(string[] arguments)
    {
        Dictionary<string, string> options = arguments.Chunk(2).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
        FuzzedReader[] readers = options.TryGetValue("--readers", out string? names)
            ? [.. names.Split(',').Select(ReaderCatalog.Named)]
            : [.. ReaderCatalog.All];
        int each = options.TryGetValue("--each", out string? count) ? Whole(count)
            : (int)Math.Ceiling(Whole(options.GetValueOrDefault("--inputs", "200000")) / readers.Sum(reader => reader.Share));
        Stopwatch watch = Stopwatch.StartNew();
        double told = 0;
        Campaign campaign = new(
            each,
            Whole(options.GetValueOrDefault("--seed", "1")),
            Whole(options.GetValueOrDefault("--processes", $"{Math.Min(2, Environment.ProcessorCount)}")))
        {
            OnProgress = done =>
            {
                if (done - told >= 0.05)
                {
                    told = done;
                    Console.Error.WriteLine($"{done:0%} after {watch.Elapsed.TotalSeconds:0} s");
                }
            },
        };
        campaign.Run(readers);
        int findings = Table.Write(campaign, watch.Elapsed, Console.Out);
        return findings == 0 ? 0 : 1;
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Again(FuzzedReader reader, int seed, int number)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            reader.Prepare(folder);
            FuzzedInput input = FuzzedInput.Of(reader, seed, number);
            input.Content.WriteTo(Path.Combine(folder, input.File.Path));
            Console.WriteLine(Path.Combine(folder, input.File.Path));
            Stopwatch watch = Stopwatch.StartNew();
            try
            {
                reader.Read(folder);
                Console.WriteLine("taken");
            }
            catch (Exception end)
            {
                Console.WriteLine(end);
            }

            Console.WriteLine($"{watch.Elapsed.TotalSeconds:0.000} s, {Environment.WorkingSet / 1e6:0} MB");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
