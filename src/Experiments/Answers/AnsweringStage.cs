using DiffusionLens;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Answers;

/// <summary>
/// The stage between images and measures: every question of the plan about every image gets its answer from each annotator, from
/// <c>answers.csv</c> where it stands there, else by asking. What those have not answered who answer later is written to
/// <c>questions.csv</c>; the next run takes what they filled in.
/// </summary>
internal static class AnsweringStage
{
    private const int AnswersBetweenSaves = 1000;

    /// <summary>Asks what has not been answered. What was answered is kept, also when the run is cancelled.</summary>
    /// <param name="folder">The results folder, with the images in it.</param>
    /// <param name="annotators">Whom to ask, the main one first.</param>
    /// <param name="onProgress">Told the number of planned answers there are.</param>
    /// <param name="cancellation">Stops between two prompts.</param>
    /// <exception cref="BadInputException">An image is missing, or a table cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static AnsweringOutcome Run(
        Plan plan,
        ResultsFolder folder,
        IReadOnlyList<IAnnotator> annotators,
        Action<int>? onProgress = null,
        CancellationToken cancellation = default)
    {
        AnswerLedger ledger = AnswerLedger.Open(folder, Asked(plan, folder), annotators);
        int kept = annotators.Sum(annotator => ledger.Asked.Count - ledger.OpenTo(annotator).Count()), given = 0;
        onProgress?.Invoke(kept);
        try
        {
            foreach (IAnnotator annotator in annotators.Where(annotator => annotator.IsAutomatic))
            {
                foreach (IReadOnlyList<Answer> open in OpenByPrompt(ledger, annotator))
                {
                    cancellation.ThrowIfCancellationRequested();
                    foreach (Answer answer in annotator.Answer(new AnnotationRequest(folder, QuestionsOf(plan, open[0]), open)))
                    {
                        ledger.Add(answer);
                    }

                    if ((given + open.Count) / AnswersBetweenSaves > given / AnswersBetweenSaves)
                    {
                        ledger.Save();
                    }

                    given += open.Count;
                    onProgress?.Invoke(kept + given);
                }
            }
        }
        finally
        {
            ledger.Save();
        }

        int missing = ledger.SaveQuestions();
        return new AnsweringOutcome(ledger.Answers, kept, given, missing, ledger.Notes);
    }

    private static IReadOnlyList<Answer>[] OpenByPrompt(AnswerLedger ledger, IAnnotator annotator) =>
        [
            .. ledger
                .OpenTo(annotator)
                .Select(place => ledger.Asked[place])
                .GroupBy(answer => answer.PromptNumber)
                .Select(prompt => prompt.ToArray()),
        ];

    private static PlannedQuestion[] QuestionsOf(Plan plan, Answer asked) =>
        [.. plan.Questions.Where(question => question.Prompt.Number == asked.PromptNumber)];

    /// <summary>
    /// Each question about each image of the plan, unanswered, by prompt, seed, layer and question in the plan's order.
    /// </summary>
    /// <exception cref="BadInputException">An image is missing.</exception>
    public static Answer[] Asked(Plan plan, ResultsFolder folder)
    {
        ILookup<int, PlannedQuestion> questions = plan.Questions.ToLookup(question => question.Prompt.Number);
        return
        [
            .. from image in plan.Images
               let hash = ImageFile.PixelHashOf(folder.In(image.Path))
               from question in questions[image.Prompt.Number]
               select Blank(image, question, hash),
        ];
    }

    /// <summary>A question about an image, unanswered.</summary>
    public static Answer Blank(PlannedImage image, PlannedQuestion question, string imageHash = "") => new()
    {
        PromptNumber = image.Prompt.Number,
        Condition = image.Prompt.Condition,
        Prompt = image.Prompt.Text,
        Seed = image.Seed,
        Layer = image.Layer,
        Site = image.SiteKey,
        Question = question.Name,
        Asked = question.Text,
        Image = image.Path,
        ImageHash = imageHash,
        CutOff = image.Prompt.CutOff,
    };
}
