using DiffusionLens;
using DiffusionLens.Configs;
using Experiments.Catalog;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Answers;

/// <summary>The recognizer of a small world. It is loaded when it is first asked.</summary>
internal sealed class RecognizerAnnotator : IAnnotator
{
    // As many digits as the table shows, so that an answer follows from the score beside it.
    private const int ScoreDigits = 4;

    private readonly string _folder, _plainName;
    private readonly Lazy<Recognizer> _recognizer;

    /// <summary>An annotator that knows a world.</summary>
    /// <param name="folder">The recognizer's folder.</param>
    /// <param name="lexicon">The world's words.</param>
    /// <exception cref="BadInputException">A file of it is missing.</exception>
    public RecognizerAnnotator(string folder, Lexicon lexicon)
    {
        _folder = folder;
        _plainName = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        Name = AnnotatorName.OfMachine(
            _plainName,
            Fingerprint.OfFiles([
                Path.Combine(folder, "config.json"),
                .. FolderWalk.Files(folder)
                    .Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal))
                    .Select(file => Path.Combine(folder, file)),
            ]));
        _recognizer = new Lazy<Recognizer>(() => Recognizer.Load(folder, lexicon));
    }

    public string Name { get; }

    public bool IsAutomatic => true;

    public bool Gave(string annotator) => annotator == Name;

    public bool GaveBefore(string annotator) =>
        annotator != Name && AnnotatorName.IsMachine(annotator) && AssetCatalog.NameToday(AnnotatorName.Plain(annotator)) == _plainName;

    public void RequireAble(Plan plan)
    {
        RecognizerConfig config = RecognizerConfig.Read(Path.Combine(_folder, "config.json"));
        foreach (PlannedQuestion question in plan.Questions)
        {
            if (question.Query is null)
            {
                throw plan.Spec.Questions.First(asked => asked.Name == question.Name).Location.Error(
                    $"the question '{question.Name}' does not say what a recognizer looks for; "
                    + "add sees: to it, or ask people alone with --annotators people");
            }

            if (config.UnknownWord(question.Query) is string word)
            {
                throw new BadInputException(
                    $"{plan.Spec.Path}: prompt '{question.Prompt.Text}' of '{question.Prompt.Condition}': "
                        + $"the model's recognizer does not know '{word}' and "
                    + $"cannot answer '{question.Name}'; use words that it knows, or make images alone with --only images");
            }
        }
    }

    public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation) =>
        request.ByPrompt().SelectMany(AnswerPrompt);

    public void Dispose()
    {
        if (_recognizer.IsValueCreated)
        {
            _recognizer.Value.Dispose();
        }
    }

    private IReadOnlyList<Answer> AnswerPrompt(AnnotationRequest request)
    {
        // Loaded before the scope opens: its weights outlive these images.
        Recognizer recognizer = _recognizer.Value;
        using DisposeScope scope = NewDisposeScope();
        string[] images = [.. request.Open.Select(answer => answer.Image).Distinct()];
        Recognizer.SeenImages seen = recognizer.Look(stack([.. images.Select(image => ImageFile.Read(request.Folder.In(image)))]));
        return
        [
            .. from answer in request.Open
               let query = request.Questions.First(question => question.Name == answer.Question).Query!
               let score = Math.Round(seen.Score(Array.IndexOf(images, answer.Image), query), ScoreDigits)
               select answer with { Score = score, Yes = score > recognizer.Threshold, Annotator = Name },
        ];
    }
}
