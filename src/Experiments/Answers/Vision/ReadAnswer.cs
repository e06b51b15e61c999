using System.Globalization;
using System.Text.RegularExpressions;
using Experiments.Specs;

namespace Experiments.Answers.Vision;

/// <summary>Yes or no, as a reply is read.</summary>
/// <param name="Yes">The answer; null where the reply is none.</param>
/// <param name="Score">The number from 0 to 10, or the share of yes; null where there is none.</param>
internal sealed partial record ReadAnswer(bool? Yes, double? Score)
{
    /// <summary>A score above it is a yes (the paper).</summary>
    public const double YesAbove = 5;

    private const double BestScore = 10, EvenShare = 0.5;

    // Where yes and no together are less likely than this, the model was about to say something else.
    private const double LeastMass = 0.1;

    // As many digits as the table shows, so that an answer follows from the score beside it.
    private const int ScoreDigits = 4;

    private static readonly ReadAnswer Junk = new(null, null);

    /// <summary>Reads a reply.</summary>
    public static ReadAnswer Of(ChatReply reply, VisionPrompt prompt)
    {
        if (prompt.Form == VisionAnswerForm.Score && MayBeHalfATen(reply))
        {
            // Whatever junk counts as: it may be the surest yes.
            return Junk;
        }

        ReadAnswer read = prompt.Form == VisionAnswerForm.Score ? ScoreOf(reply.Text ?? "") : YesOrNo(reply);
        return read.Yes is null && prompt.IsJunkNo ? new ReadAnswer(false, null) : read;
    }

    // Released answers of GPT-4V hold refusals, lists and other scales; none of them is a score.
    private static ReadAnswer ScoreOf(string text) =>
        ScorePattern().Match(text) is { Success: true } match
        && double.Parse(match.Groups["score"].ValueSpan, CultureInfo.InvariantCulture) is <= BestScore and var score
            ? new ReadAnswer(score > YesAbove, score)
            : Junk;

    // Of the whole numbers up to 10 no other begins with another one.
    private static bool MayBeHalfATen(ChatReply reply) =>
        reply is { IsCut: true, Text: { } text }
        && ScorePattern().Match(text).Groups["score"] is { Value: "1" } score
        && score.Index + score.Length == text.Length;

    private static ReadAnswer YesOrNo(ChatReply reply)
    {
        if (reply.YesShare is { } share && reply.YesMass + reply.NoMass >= LeastMass)
        {
            double score = Math.Round(share, ScoreDigits);
            return new ReadAnswer(score > EvenShare, score);
        }

        return WordPattern().Match(reply.Text ?? "").Groups["word"].Value.ToLowerInvariant() switch
        {
            "yes" => new ReadAnswer(true, null),
            "no" => new ReadAnswer(false, null),
            _ => Junk,
        };
    }

    [GeneratedRegex(
        @"\A[\s*_`""']*(?:(?:score|rating)\s*[:=]\s*[*_`]*\s*)?(?<score>\d{1,3}(?:\.\d{1,6})?)"
            + @"(?:\s*(?:/|out\s+of)\s*10(?:\.0+)?)?[\s*_`""'.]*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ScorePattern();

    [GeneratedRegex(@"\A[\s*_`""'(\[]*(?<word>yes|no)(?![\w'-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WordPattern();
}
