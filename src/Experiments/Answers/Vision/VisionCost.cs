using System.Globalization;
using Humanizer;

namespace Experiments.Answers.Vision;

/// <summary>What asking takes, estimated.</summary>
internal static class VisionCost
{
    // What models with patches of 14 pixels, two by two, make of an image; other models differ, some by a factor.
    private const int PixelsPerToken = 28 * 28;

    private const int LettersPerToken = 4, TokensOfForm = 20;

    /// <summary>Says it in a line.</summary>
    /// <param name="calls">How many requests.</param>
    /// <param name="kept">How many answers are there already.</param>
    /// <param name="letters">How long the texts are, all together.</param>
    /// <param name="size">An image, in pixels.</param>
    public static string Say(VisionSettings settings, int calls, int kept, long letters, (int Width, int Height) size)
    {
        int factor = SentImage.FactorOf(size.Width, size.Height);
        long image = (long)size.Width * factor * size.Height * factor / PixelsPerToken;
        long into = (letters / LettersPerToken) + (calls * (image + TokensOfForm)), outOf = (long)calls * settings.Prompt.MaxTokens;
        return $"{settings} takes {"call".ToQuantity(calls)}, about {Round(into)} tokens in and at most {Round(outOf)} out "
            + $"({Round(image)} an image, by models that see 28 pixels a token); {"answer".ToQuantity(kept)} there";
    }

    private static string Round(long tokens) => tokens >= 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(tokens / 1000.0):0}k")
        : tokens.ToString(CultureInfo.InvariantCulture);
}
