namespace Soak;

/// <summary>A small experiment, and how it ends when nothing happens to it.</summary>
/// <param name="Model">The embedded model.</param>
/// <param name="Whole">Its results, unharmed.</param>
/// <param name="ImagesAlone">Its results after the first stage.</param>
/// <param name="Lines">When it printed its lines.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Experiment(
    string Model, string Whole, string ImagesAlone, IReadOnlyList<TimeSpan> Lines, TimeSpan Took)
{
    /// <summary>What results are called in every trial's folder.</summary>
    public const string Results = "results";

    /// <summary>Makes the results that others are compared with.</summary>
    /// <param name="folder">Where.</param>
    public static Experiment Make(string model, string folder)
    {
        string whole = Path.Combine(folder, "whole"), images = Path.Combine(folder, "images");
        Directory.CreateDirectory(whole);
        Directory.CreateDirectory(images);
        Finish(images, [.. ArgumentsOf(model), "--only", "images"]);
        using Tool tool = Tool.Start(whole, ArgumentsOf(model));
        int code = tool.Wait();
        return code == Exit.Done
            ? new Experiment(
                model,
                Path.Combine(whole, Results),
                Path.Combine(images, Results),
                [.. tool.Lines.Select(line => line.At)],
                tool.Lines[^1].At)
            : throw new InvalidOperationException($"The unharmed run ends with {code}: {tool.Errors}");
    }

    /// <summary>Starts it in a trial's folder.</summary>
    /// <param name="seeds">Of the noise.</param>
    /// <param name="more">Other options.</param>
    public Tool Start(string folder, string seeds = "0", params string[] more) =>
        Tool.Start(folder, [.. ArgumentsOf(Model, seeds), .. more]);

    /// <summary>The same in a container.</summary>
    public Tool StartIn(IReadOnlyList<string> container, string folder, string seeds, params string[] more) =>
        Tool.Start(folder, [.. ArgumentsOf(Model, seeds), .. more], container);

    /// <summary>Runs it to its end, which must be good, and compares.</summary>
    /// <param name="knowsThreads">Whether the manifest is to say on how many threads images were computed.</param>
    /// <returns>What is wrong, a line each.</returns>
    public IReadOnlyList<string> Finished(string folder, bool knowsThreads = true)
    {
        using Tool tool = Start(folder);
        int code = tool.Wait();
        return code != Exit.Done
            ? [$"the resumed run ends with {code}: {tool.Errors}"]
            : ResultsComparison.Differences(Whole, Path.Combine(folder, Results), knowsThreads);
    }

    private static string[] ArgumentsOf(string model, string seeds = "0") =>
        ["run", "colors", "--model", model, "--limit", "1", "--seeds", seeds, "--steps", model == "mini-if" ? "2" : "3", "--out", Results];

    private static void Finish(string folder, string[] arguments)
    {
        using Tool tool = Tool.Start(folder, arguments);
        if (tool.Wait() is not Exit.Done and var code)
        {
            throw new InvalidOperationException($"The unharmed run ends with {code}: {tool.Errors}");
        }
    }
}
