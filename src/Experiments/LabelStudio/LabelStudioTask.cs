using System.Security.Cryptography;
using System.Text;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Results;

namespace Experiments.LabelStudio;

/// <summary>
/// A question about an image, as a task of Label Studio: without its layer, and with its prompt only where the question needs it.
/// </summary>
internal static class LabelStudioTask
{
    private const int Digits = 16;

    /// <summary>What tells a question from others of its results folder, and says nothing of its layer or prompt.</summary>
    public static string IdOf(Answer asked)
    {
        AnswerKey key = asked.Key;
        byte[] text = Encoding.UTF8.GetBytes(
            string.Join('\n', key.Condition, key.Prompt, key.Seed, key.Layer, key.Question, key.Token));
        return "q-" + Convert.ToHexStringLower(SHA256.HashData(text))[..Digits];
    }

    /// <summary>Every question of a results folder, unanswered, in the words of the last run where it is still open.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A table cannot be read.</exception>
    public static IReadOnlyList<Answer> Asked(ResultsFolder folder) =>
    [
        .. AnswerTable.ReadIfThere(folder.Questions).Concat(AnswerTable.ReadIfThere(folder.Answers))
            .Where(answer => answer.Image.Length > 0)
            .DistinctBy(answer => answer.Key)
            .OrderBy(answer => answer.PromptNumber)
            .Select(answer => answer with { Yes = null, Score = null, Annotator = "", Answered = null }),
    ];

    /// <summary>Those of them that the last run planned, with the image as it is now.</summary>
    /// <param name="isPlanned">Tells which those are; null: all.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image is missing.</exception>
    public static IReadOnlyList<Answer> Planned(ResultsFolder folder, IEnumerable<Answer> asked, Func<Answer, bool>? isPlanned) =>
    [
        .. asked.Where(answer => isPlanned?.Invoke(answer) != false)
            .Select(answer => answer with { ImageHash = ImageFile.PixelHashOf(folder.In(answer.Image)) }),
    ];
}
