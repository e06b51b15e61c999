using System.Globalization;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using MiniWorld;

namespace Experiments.Calibration;

/// <summary>Asks annotators what is known, and counts what they get right.</summary>
internal sealed class Calibrating
{
    private const string Condition = "known truth";

    private readonly ResultsFolder _folder;
    private readonly Dictionary<(int Prompt, string Question), LabeledStatement> _statements = [];
    private readonly List<Answer> _open = [];

    /// <summary>Plans what is asked.</summary>
    /// <param name="images">The images with their truth.</param>
    /// <param name="truth">The file that says it.</param>
    /// <param name="lexicon">The words of the questions.</param>
    /// <param name="folder">The folder below which annotators may keep what they know.</param>
    /// <exception cref="BadInputException">An image cannot be read.</exception>
    public Calibrating(IReadOnlyList<LabeledImage> images, string truth, Lexicon lexicon, ResultsFolder folder)
    {
        _folder = folder;
        List<PlannedPrompt> prompts = [];
        List<PlannedQuestion> questions = [];
        foreach (LabeledImage image in images)
        {
            string hash = ImageFile.PixelHashOf(image.Path);

            // A prompt holds the words that an annotator may take for there; so statements with the same words beside them share one.
            foreach (var beside in image.Statements.GroupBy(statement => string.Join('\n', image.WordsBeside(statement.Question))))
            {
                PlannedPrompt prompt = PromptOf(prompts.Count, image, beside.Key.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                prompts.Add(prompt);
                foreach (LabeledStatement statement in beside)
                {
                    PlannedQuestion question = new(
                        Questions.Name(statement.Question), prompt, StatementWords.Asked(statement.Question, lexicon), statement.Question);
                    questions.Add(question);
                    _statements[(prompt.Number, question.Name)] = statement;
                    Answer blank = AnsweringStage.Blank(new PlannedImage(prompt, new LensSite(Layer: 0), 0), question, hash);
                    _open.Add(blank with { Image = folder.RelativeOf(image.Path) });
                }
            }
        }

        Plan = new Plan(SpecOf(truth), prompts, [0], 0, [0], questions);
    }

    /// <summary>What is asked.</summary>
    public Plan Plan { get; }

    /// <summary>How many answers each annotator gives.</summary>
    public int Count => _open.Count;

    /// <summary>Asks an annotator everything.</summary>
    /// <param name="onAnswer">Told of each answer.</param>
    /// <param name="tell">Told what the user should know, also that some questions got no answer; then the others count.</param>
    /// <exception cref="BadInputException">No question got an answer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<JudgedAnswer> Ask(IAnnotator annotator, Action onAnswer, Action<string> tell, CancellationToken cancellation)
    {
        List<JudgedAnswer> answers = [];
        try
        {
            AnnotationRequest request = new(_folder, Plan.Questions, _open) { Tell = tell };
            foreach (Answer answer in annotator.Answer(request, cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                LabeledStatement statement = _statements[(answer.PromptNumber, answer.Question)];
                answers.Add(new JudgedAnswer(answer, QuestionKind.Of(statement.Question), statement.IsTrue));
                onAnswer();
            }
        }
        catch (BadInputException problem) when (answers.Count > 0)
        {
            tell($"{annotator.Name}: {_open.Count - answers.Count} questions without an answer do not count: {problem.Message}");
        }

        return answers;
    }

    /// <summary>What annotators get right and wrong, by kind of question.</summary>
    public static CalibrationTable Table(IEnumerable<JudgedAnswer> answers, string source) => new(
        [
            .. from answer in answers
               where answer.Answer.Yes is not null
               group answer by (answer.Answer.Annotator, answer.Kind) into known
               let scored = known.Where(one => one.Answer.Score is not null).Select(one => (one.Answer.Score!.Value, one.IsTrue)).ToArray()
               let best = scored.Length == known.Count() ? BestThreshold.Of(scored) : null
               select new CalibrationRow(
                   known.Key.Annotator, known.Key.Kind, Agreement.Of(known.Select(one => (one.IsTrue, one.Answer.Yes == true))))
               {
                   Threshold = best?.Threshold,
                   ThresholdAccuracy = best?.BalancedAccuracy,
               },
        ],
        source);

    /// <summary>The same to read.</summary>
    public static TableSheet Sheet(CalibrationTable table, int images) => new(
        "calibration",
        "What annotators get right of images whose truth is known",
        $"{images} images. Sensitivity is the share of yes where it is so, specificity of no where it is not, with 95 % intervals "
            + "(Wilson). The best threshold is the one with the highest mean of the two on these same answers; "
            + "'run --clip-thresholds' takes it.",
        ["Annotator", "Question", "n", "Sensitivity", "Specificity", "Accuracy", "Best threshold"],
        [
            .. table.Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Annotator, row.Kind, row.Confusion.Count.ToString(CultureInfo.InvariantCulture), Cell(row.Sensitivity),
                Cell(row.Specificity), Cell(row.Accuracy), row.Threshold?.ToString("0.####", CultureInfo.InvariantCulture) ?? "–",
            ]),
        ]);

    private static string Cell(CountedShare share) =>
        share.All == 0 ? ShareText.Of(share) : $"{ShareText.Of(share)} ({share.Part}/{share.All})";

    private static PlannedPrompt PromptOf(int number, LabeledImage image, IReadOnlyList<string> beside) => new()
    {
        Number = number,
        Condition = Condition,
        Text = Path.GetFileName(image.Path),
        Folder = "",
        Words = beside.Select((word, place) => (Slot: $"{place}", word)).ToDictionary(),
    };

    private static Spec SpecOf(string truth) => new()
    {
        Name = "calibration",
        Path = truth,
        Sha256 = Fingerprint.OfFile(truth),
        Title = "Images whose truth is known",
        Layers = new LayerChoice.Last(new SourceLocation(truth)),
        Seeds = [0],
        Conditions = [],
        Questions = [],
    };
}

/// <summary>An answer with the truth.</summary>
/// <param name="Kind">The kind of question.</param>
internal sealed record JudgedAnswer(Answer Answer, string Kind, bool IsTrue);
