using MiniWorld.Recognition;

namespace Training.Recognition;

/// <summary>What a recognizer's yes is worth on images that two observers agree about, at a threshold.</summary>
/// <param name="Yes">Images of which it says that all is there that the caption says.</param>
/// <param name="RightYes">Of these, those of which the observers say so.</param>
/// <param name="Shown">All of which the observers say so.</param>
internal sealed record SightAgreement(int Yes, int RightYes, int Shown)
{
    private const int LeastHundredth = 50, MostHundredth = 99;

    /// <summary>How many of the yeses are right; 1 where there is none.</summary>
    public double RightShare => Yes == 0 ? 1 : (double)RightYes / Yes;

    /// <summary>How many of the images that show what their caption says get a yes.</summary>
    public double FoundShare => Shown == 0 ? 1 : (double)RightYes / Shown;

    /// <summary>Counts.</summary>
    /// <param name="images">What the observers say, and the least score of what the caption says.</param>
    /// <param name="threshold">A score above it is a yes.</param>
    public static SightAgreement At(double threshold, IReadOnlyCollection<(bool Shown, double Score)> images) => new(
        images.Count(image => image.Score > threshold),
        images.Count(image => image.Score > threshold && image.Shown),
        images.Count(image => image.Shown));

    /// <summary>
    /// The lowest threshold, in hundredths from a half on, at which no group has more yeses than images that show what their caption says,
    /// so that a share of yeses is no larger than the observers'; the highest where none is.
    /// </summary>
    public static double Threshold(IReadOnlyCollection<IReadOnlyCollection<(bool Shown, double Score)>> groups) =>
        Enumerable.Range(LeastHundredth, MostHundredth - LeastHundredth + 1)
            .Select(hundredth => hundredth / 100.0)
            .Where(threshold => groups.Select(images => At(threshold, images)).All(agreement => agreement.Yes <= agreement.Shown))
            .DefaultIfEmpty(MostHundredth / 100.0)
            .First();

    /// <summary>The last layer's images that were not learned from and that the observers agree about, by model.</summary>
    public static ILookup<string, (bool Shown, double Score)> Of(Recognizer recognizer, GeneratedScenes generated)
    {
        Recognizer.SeenImages seen = recognizer.Look(generated.HeldOutPixels);
        return generated.HeldOut
            .Select((image, i) => (image, i))
            .Where(pair => pair.image is { OfLastLayer: true, ShowsCaption: not null })
            .ToLookup(
                pair => pair.image.Model,
                pair => (pair.image.ShowsCaption!.Value, pair.image.Caption.Statements().Min(question => seen.Score(pair.i, question))));
    }
}
