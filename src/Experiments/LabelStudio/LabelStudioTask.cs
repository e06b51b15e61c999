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

    /// <summary>Every question of a results folder, unanswered, with the image as it is now.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A table cannot be read, or an image is missing.</exception>
    public static IReadOnlyList<Answer> Asked(ResultsFolder folder) =>
    [
        .. AnswerTable.ReadIfThere(folder.Answers).Concat(AnswerTable.ReadIfThere(folder.Questions))
            .Where(answer => answer.Image.Length > 0)
            .DistinctBy(answer => answer.Key)
            .OrderBy(answer => answer.PromptNumber)
            .Select(answer => answer with
            {
                Yes = null,
                Score = null,
                Annotator = "",
                Answered = null,
                ImageHash = ImageFile.PixelHashOf(folder.In(answer.Image)),
            }),
    ];
}
