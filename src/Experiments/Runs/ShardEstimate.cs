using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Runs;

/// <summary>How much a plan or a part of it is.</summary>
/// <param name="Prompts">How many prompts, each of which is encoded once.</param>
/// <param name="Images">How many images there are to be.</param>
/// <param name="ToMake">How many of them are not there yet.</param>
/// <param name="Answers">How many answers, of all annotators together.</param>
/// <param name="Bytes">About how many bytes the images take; null where nothing is known.</param>
/// <param name="Seconds">About how long those that are not there take, one process with them alone; null where nothing is known.</param>
internal sealed record ShardEstimate(int Prompts, int Images, int ToMake, long Answers, long? Bytes, double? Seconds)
{
    /// <summary>Counts and estimates a plan.</summary>
    /// <param name="plan">A plan or a part of one.</param>
    /// <param name="prepared">What it is a plan of.</param>
    /// <param name="costs">What one image takes.</param>
    public static ShardEstimate Of(Plan plan, Preparation prepared, ImageCosts costs)
    {
        int images = plan.ImageCount,
            toMake = Directory.Exists(prepared.Folder.Images) ? ImagesStage.MissingCount(plan, prepared.Recipe, prepared.Folder) : images;
        return new ShardEstimate(
            plan.Prompts.Count,
            images,
            toMake,
            (long)plan.AnswerCount * prepared.Annotators.Count,
            costs.BytesEach is { } bytes ? (long)Math.Ceiling(bytes * images) : null,
            costs.SecondsEach is { } seconds ? Math.Round(seconds * toMake, 1) : null);
    }
}
