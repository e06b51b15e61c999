using DiffusionLens;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>
/// <c>answers.csv</c> with what tells later whether it still is as this program left it: its hash, and a copy of the answers that cannot be
/// made again, which are people's and those of machines that do not always answer alike.
/// </summary>
internal static class AnswersFile
{
    private const string Separator = "  ";

    /// <summary>Whether the file is as this program left it; also where that is not known.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static bool IsAsLeft(ResultsFolder folder) => !File.Exists(folder.AnswersHash)
        || (File.Exists(folder.Answers) && Utf8Text.ReadFile(folder.AnswersHash).Split(Separator)[0] == Fingerprint.OfFile(folder.Answers));

    /// <summary>Whether what is known of the file is there.</summary>
    public static bool IsSealed(ResultsFolder folder) => File.Exists(folder.AnswersHash);

    /// <summary>
    /// Writes the file, whole or not at all. Where that is cut off, nothing is known of the file until it is written again.
    /// </summary>
    /// <exception cref="BadInputException">A file cannot be written.</exception>
    public static void Write(ResultsFolder folder, IReadOnlyList<Answer> answers)
    {
        Delete(folder.AnswersHash);
        AnswerTable.Write(folder.Answers, answers);
        Seal(folder, answers);
    }

    /// <summary>Notes what the file is now.</summary>
    /// <param name="answers">What stands in it.</param>
    /// <exception cref="BadInputException">A file cannot be written.</exception>
    public static void Seal(ResultsFolder folder, IReadOnlyList<Answer> answers)
    {
        Answer[] kept = [.. answers.Where(answer => !CanBeMadeAgain(answer))];
        if (kept.Length > 0)
        {
            AnswerTable.Write(folder.KeptAnswers, kept);
        }
        else
        {
            Delete(folder.KeptAnswers);
        }

        // As sha256sum -c reads it.
        AtomicFile.WriteText(
            folder.AnswersHash, $"{Fingerprint.OfFile(folder.Answers)}{Separator}{folder.RelativeOf(folder.Answers)}\n");
    }

    /// <summary>The copy of answers that cannot be made again; none where it is not there, or is damaged itself.</summary>
    public static IReadOnlyList<Answer> ReadKept(ResultsFolder folder)
    {
        try
        {
            return AnswerTable.ReadIfThere(folder.KeptAnswers);
        }
        catch (BadInputException)
        {
            return [];
        }
    }

    /// <summary>
    /// What can be relied on: all of the file where it is as it was left, else what cannot be made again, as it stands in the file or,
    /// where it is gone from it, as the copy has it.
    /// </summary>
    /// <exception cref="BadInputException">The file cannot be read.</exception>
    public static IReadOnlyList<Answer> ReadReliable(ResultsFolder folder)
    {
        IReadOnlyList<Answer> standing = AnswerTable.ReadIfThere(folder.Answers);
        if (IsAsLeft(folder))
        {
            return standing;
        }

        Answer[] kept = [.. standing.Where(answer => !CanBeMadeAgain(answer))];
        HashSet<(AnswerKey, string)> there = [.. kept.Select(answer => (answer.Key, answer.Annotator))];
        return [.. kept, .. ReadKept(folder).Where(answer => !there.Contains((answer.Key, answer.Annotator)))];
    }

    /// <summary>Whether asking its annotator again gives the same answer.</summary>
    public static bool CanBeMadeAgain(Answer answer) => answer.Answered is null && AnnotatorName.IsMachine(answer.Annotator);

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(file, problem);
        }
    }
}
