using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Runtime;
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

    // All answers are written at each save: with a million of them a twentieth of the time, and no more, goes into it.
    private const int TimesASave = 20;

    /// <summary>Asks what has not been answered. What was answered is kept, also when the run is cancelled.</summary>
    /// <param name="folder">The results folder, with the images in it.</param>
    /// <param name="annotators">Whom to ask, the main one first.</param>
    /// <param name="onProgress">Told the number of planned answers there are.</param>
    /// <param name="tell">Told what the user should know meanwhile, a line each.</param>
    /// <param name="journal">Knows what recognizers looked for when they answered, and is told what they look for now; null where that is
    /// not kept.</param>
    /// <param name="cancellation">Stops between two answers.</param>
    /// <exception cref="BadInputException">
    /// An image is missing, a table cannot be read or written, or an annotator left questions open that it should answer now: then the
    /// others are asked all the same.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static AnsweringOutcome Run(
        Plan plan,
        ResultsFolder folder,
        IReadOnlyList<IAnnotator> annotators,
        Action<int>? onProgress = null,
        Action<string>? tell = null,
        StageJournal? journal = null,
        CancellationToken cancellation = default)
    {
        AnswerLedger ledger = Open(plan, folder, annotators, journal);
        Stopwatch sinceSave = Stopwatch.StartNew();
        TimeSpan wait = TimeSpan.Zero;
        int kept = annotators.Sum(annotator => ledger.Asked.Count - ledger.OpenTo(annotator).Count()), given = 0;
        onProgress?.Invoke(kept);
        BadInputException? unable = null;
        try
        {
            foreach (IAnnotator annotator in annotators.Where(annotator => annotator.IsAutomatic))
            {
                try
                {
                    Ask(annotator);
                }
                catch (BadInputException problem)
                {
                    unable ??= problem;
                }
            }
        }
        finally
        {
            ledger.Save();
        }

        int missing = ledger.SaveQuestions();
        return unable is null ? new AnsweringOutcome(ledger.Answers, kept, given, missing, ledger.Notes) : throw unable;

        void Ask(IAnnotator annotator)
        {
            using Activity? activity = LensActivity.Start("answer");
            Answer[] open = [.. ledger.OpenTo(annotator).Select(place => ledger.Asked[place])];
            cancellation.ThrowIfCancellationRequested();
            AnnotationRequest request = new(folder, plan.Questions, open) { Tell = tell ?? (_ => { }) };
            foreach (Answer answer in annotator.Answer(request, cancellation))
            {
                ledger.Add(answer);
                given++;
                if (given % AnswersBetweenSaves == 0 && sinceSave.Elapsed >= wait)
                {
                    sinceSave.Restart();
                    ledger.Save();
                    wait = sinceSave.Elapsed * TimesASave;
                    sinceSave.Restart();
                }

                onProgress?.Invoke(kept + given);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    // What is looked for is noted when no answer to anything else is in the table any more, and before the first to it is: so that what an
    // interruption leaves is known for what it is.
    private static AnswerLedger Open(Plan plan, ResultsFolder folder, IReadOnlyList<IAnnotator> annotators, StageJournal? journal)
    {
        Dictionary<string, string> sees = plan.Spec.Questions.Where(question => question.Sees is not null)
            .ToDictionary(question => question.Name, question => question.Sees!.Text);
        HashSet<string> otherwise =
            [.. sees.Where(entry => (journal?.Sees.GetValueOrDefault(entry.Key) ?? entry.Value) != entry.Value).Select(entry => entry.Key)];
        AnswerLedger ledger = AnswerLedger.OpenToAsk(folder, Asked(plan, folder), annotators, otherwise);
        if (otherwise.Count > 0)
        {
            ledger.Save();
        }

        journal?.NoteSees(sees);
        return ledger;
    }

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
