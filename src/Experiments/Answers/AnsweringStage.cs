using System.Security.Cryptography;
using DiffusionLens;
using Experiments.Plans;

namespace Experiments.Answers;

/// <summary>
/// The stage between images and measures: every question of the plan about every image gets its answer, from
/// <c>answers.csv</c> where it stands there, else from the annotator. Where there is no annotator, the open questions are written to
/// <c>questions.csv</c> for people to fill in; the next run takes what they filled in.
/// </summary>
public static class AnsweringStage
{
    /// <summary>The answers, in the results folder.</summary>
    public const string AnswersFile = "answers.csv";

    /// <summary>The questions still open, in the results folder; not there when there are none.</summary>
    public const string QuestionsFile = "questions.csv";

    private const string ByHand = "by hand";
    private const int AnswersBetweenSaves = 1000;

    /// <summary>Asks what has not been answered. What was answered is kept, also when the run is cancelled.</summary>
    /// <param name="plan">What is asked.</param>
    /// <param name="folder">The results folder, with the images in it.</param>
    /// <param name="annotator">Whom to ask; null: nobody.</param>
    /// <param name="onProgress">Told the number of planned answers there are, and of all planned ones.</param>
    /// <param name="cancellation">Stops between two prompts.</param>
    /// <exception cref="BadInputException">An image is missing, or a table cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static AnsweringOutcome Run(
        Plan plan,
        string folder,
        Annotator? annotator,
        Action<int, int>? onProgress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string answersPath = Path.Combine(folder, AnswersFile), questionsPath = Path.Combine(folder, QuestionsFile);
        Dictionary<string, string> images = HashImages(plan, folder);
        Answer[] inAnswers = File.Exists(answersPath) ? [.. AnswerTable.Read(answersPath)] : [];
        Answer[] filledIn = File.Exists(questionsPath) ? [.. AnswerTable.Read(questionsPath).Where(answer => answer.Yes is not null)] : [];
        Answer[] given =
        [
            .. inAnswers,
            .. filledIn.Select(answer => answer.Annotator.Length > 0 ? answer : answer with { Annotator = ByHand }),
        ];
        AnswerSheet sheet = AnswerSheet.Of(plan, given.Where(answer => !IsOutdated(answer, images)));
        Answer[] planned = [.. sheet.Planned.Select(answer => answer with { ImageSha256 = images[answer.Image] })];
        int kept = planned.Count(answer => answer.Yes is not null), asked = 0, saved = 0;
        onProgress?.Invoke(kept, planned.Length);

        void Save() => AnswerTable.Write(answersPath, [.. planned.Where(answer => answer.Yes is not null), .. sheet.Others]);

        try
        {
            foreach (IGrouping<int, int> open in OpenByPrompt(planned, annotator))
            {
                cancellation.ThrowIfCancellationRequested();
                Ask(annotator!, plan, folder, planned, [.. open]);
                asked += open.Count();
                onProgress?.Invoke(kept + asked, planned.Length);
                if (asked - saved >= AnswersBetweenSaves)
                {
                    Save();
                    saved = asked;
                }
            }
        }
        finally
        {
            if (asked > saved || filledIn.Length > 0)
            {
                Save();
            }
        }

        Answer[] missing = [.. planned.Where(answer => answer.Yes is null)];
        if (missing.Length > 0)
        {
            AnswerTable.Write(questionsPath, missing);
        }
        else if (File.Exists(questionsPath))
        {
            File.Delete(questionsPath);
        }

        return new AnsweringOutcome(kept, asked, missing.Length);
    }

    private static IEnumerable<IGrouping<int, int>> OpenByPrompt(Answer[] planned, Annotator? annotator) => annotator is null
        ? []
        : Enumerable.Range(0, planned.Length).Where(i => planned[i].Yes is null).GroupBy(i => planned[i].PromptNumber);

    private static void Ask(Annotator annotator, Plan plan, string folder, Answer[] planned, IReadOnlyList<int> open)
    {
        string[] images = [.. open.Select(i => planned[i].Image).Distinct()];
        HashSet<string> names = [.. open.Select(i => planned[i].Question)];
        PlannedQuestion[] questions =
            [.. plan.Questions.Where(question => question.Prompt.Number == planned[open[0]].PromptNumber && names.Contains(question.Name))];
        IReadOnlyList<IReadOnlyList<double>> scores = annotator.Score([.. images.Select(image => Path.Combine(folder, image))], questions);
        foreach (int i in open)
        {
            int question = Array.FindIndex(questions, candidate => candidate.Name == planned[i].Question);

            // As many digits as the table shows, so that an answer follows from the score beside it.
            double score = Math.Round(scores[question][Array.IndexOf(images, planned[i].Image)], 4);
            planned[i] = planned[i] with { Score = score, Yes = score > 0.5, Annotator = annotator.Name };
        }
    }

    private static bool IsOutdated(Answer answer, Dictionary<string, string> images) =>
        answer.ImageSha256.Length > 0
        && images.TryGetValue(answer.Image, out string? now)
        && !string.Equals(now, answer.ImageSha256, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> HashImages(Plan plan, string folder) => plan.Images.ToDictionary(
        image => image.Path,
        image =>
        {
            string path = Path.Combine(folder, image.Path);
            if (!File.Exists(path))
            {
                throw new BadInputException($"{path}: this image is missing; make it first, with --only images");
            }

            return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16];
        });
}
