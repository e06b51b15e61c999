using System.Diagnostics;
using System.Globalization;
using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench;

/// <summary>
/// Before and after, side by side: each measurement in processes of its own, plain (<c>DLENS_KERNELS=plain</c>, which is also glibc's
/// allocator as it was) and chosen in turn, the best of each. Tables are Markdown.
/// </summary>
internal static class Comparison
{
    private const int Rounds = 2;

    /// <summary>Compares measurements, each a line of arguments of this program.</summary>
    public static void OfProcesses(IEnumerable<string[]> measurements)
    {
        Say("| what | before | after | ratio | peak before, GB | peak after, GB |");
        Say("| --- | --- | --- | --- | --- | --- |");
        foreach (string[] what in measurements)
        {
            List<Result> before = [], after = [];
            for (int round = 0; round < Rounds; round++)
            {
                before.Add(Run(what, "plain"));
                after.Add(Run(what, ""));
            }

            Result plain = before.MinBy(result => result.Seconds)!, chosen = after.MinBy(result => result.Seconds)!;
            double ratio = plain.Seconds / chosen.Seconds;
            double peakBefore = before.Max(result => result.PeakGB), peakAfter = after.Max(result => result.PeakGB);
            Say(Line($"| {string.Join(' ', what)} | {plain.Seconds:0.00} {plain.Unit} | {chosen.Seconds:0.00} {chosen.Unit} ")
                + Line($"| {ratio:0.00} | {peakBefore:0.0} | {peakAfter:0.0} |"));
        }
    }

    /// <summary>A network's layers by shape, the bound that they make, and the share of it that the network reaches.</summary>
    public static void OfLayers(string network, ScalarType dtype)
    {
        const double Long = 0.3;
        (IReadOnlyDictionary<LayerWork, int> layers, int samples) = Networks.Layers(network);
        double plain = 0, chosen = 0, bound = 0, work = 0;
        Say(Line($"| {network}, {dtype}: layer | times | plain, GF/s | chosen, GF/s | best, GF/s | share of the work |"));
        Say("| --- | --- | --- | --- | --- | --- |");
        double all = layers.Sum(entry => entry.Value * entry.Key.Operations);
        foreach ((LayerWork layer, int times) in layers.OrderByDescending(entry => entry.Value * entry.Key.Operations))
        {
            LayerWork.Rates rates = layer.Measure(samples, dtype, Long);
            double billions = samples * layer.Operations / 1e9, share = times * layer.Operations / all;
            plain += times * rates.Plain;
            chosen += times * rates.Chosen;
            bound += times * rates.Best;
            work += times * billions;
            Say(Line($"| {layer} | {times} | {billions / rates.Plain:0} | {billions / rates.Chosen:0} ")
                + Line($"| {billions / rates.Best:0} | {share:P1} |"));
        }

        Say(Line($"| all layers: {work:0} GF; {plain:0.00} s plain, {chosen:0.00} s chosen, {bound:0.00} s at best | | | | | |"));
        Result whole = Run(["network", network, dtype.ToString()], ""), before = Run(["network", network, dtype.ToString()], "plain");
        Say(Line($"The whole: {before.Seconds:0.00} s before, {whole.Seconds:0.00} s after, ")
            + Line($"{bound / whole.Seconds:P0} of the bound; {Machine()}."));
    }

    public static string Machine()
    {
        Processor here = Processor.Here;
        return Line($"{here.Vendor} family {here.Family}, AVX-512 {here.HasAvx512}, bfloat16 {here.HasBFloat16}, ")
            + Line($"{get_num_threads()} threads, ")
            + (Clock.IsWall ? "time by the clock" : "the thread's processor time");
    }

    private static Result Run(string[] what, string kernels)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, what) { RedirectStandardOutput = true };
        start.Environment[Kernels.Variable] = kernels;
        using Process process = Process.Start(start)!;
        Result[] results = [.. process.StandardOutput.ReadToEnd().Split('\n').Select(Result.Read).OfType<Result>()];
        process.WaitForExit();
        return results.Length == 1 ? results[0] : throw new InvalidOperationException($"'{string.Join(' ', what)}' measured nothing");
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.WriteLine(line);
}
