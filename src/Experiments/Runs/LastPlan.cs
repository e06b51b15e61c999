using Experiments.Answers;
using Experiments.Explorer;
using Experiments.Results;
using Humanizer;

namespace Experiments.Runs;

/// <summary>
/// What the last run in a results folder planned, as far as it left that written: answers to earlier versions of a spec stay in
/// <c>answers.csv</c>, and are about images that are no longer asked for.
/// </summary>
internal static class LastPlan
{
    /// <summary>Tells answers that are left over from those that count.</summary>
    /// <returns>Whether an answer counts; null where no run left word of its plan.</returns>
    public static Func<Answer, bool>? Of(ResultsFolder folder)
    {
        if (RunManifest.Read(folder) is not { } manifest)
        {
            return null;
        }

        Func<Answer, bool> isPlanned = RunOf(manifest, folder) is { } run
            ? AnswersExploration.AreAbout(run)
            : answer => manifest.Layers.Contains(answer.Layer) && manifest.Seeds.Contains(answer.Seed);

        // What was published without its images is about none of any run here.
        return answer => answer.Image.Length == 0 || isPlanned(answer);
    }

    /// <summary>L, also where it was not looked through.</summary>
    /// <returns>Null where no run left word of it.</returns>
    public static int? LastLayerOf(ResultsFolder folder) =>
        RunManifest.Read(folder) is { } manifest ? RunOf(manifest, folder)?.LastLayer : null;

    /// <summary>What is said where answers are left over.</summary>
    /// <param name="count">How many of them.</param>
    public static string LeftOut(ResultsFolder folder, int count) =>
        $"{folder.Answers}: {"answer".ToQuantity(count)} about images that the last run did not plan, left out";

    // The explorer knows every prompt, and may be of an earlier run: one that was cut off, or did some stages alone, left it as it was.
    private static ExploredRun? RunOf(RunManifest manifest, ResultsFolder folder) =>
        ExplorerPage.ReadRun(folder) is { } run && run.PlannedFrom == manifest.PlannedFrom ? run : null;
}
