using DiffusionLens;
using DiffusionLens.ImageEncoders;
using DiffusionLens.Runtime;
using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Specs;
using MiniWorld;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Answers.Clip;

/// <summary>
/// CLIP without any training for the questions: the baseline that the paper found too weak. It is loaded when it is first asked.
/// </summary>
internal sealed class ClipAnnotator : IAnnotator
{
    /// <summary>A score above it is a yes where no calibration says otherwise: the statement fits better than anything else.</summary>
    public const double Threshold = 0;

    // As many digits as the table shows, so that an answer follows from the score beside it.
    private const int ScoreDigits = 3;

    private readonly string _plainName;
    private readonly Lexicon _lexicon;
    private readonly IReadOnlyDictionary<string, double> _thresholds;
    private readonly Lazy<ClipModel> _model;
    private readonly Dictionary<string, Tensor> _texts = [];

    /// <summary>An annotator that compares images with texts.</summary>
    /// <param name="plainName">What the model is called.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="sha256">The hash of what it computes with.</param>
    /// <param name="lexicon">The words among which it chooses.</param>
    /// <param name="thresholds">By kind of question; <see cref="Threshold"/> for others.</param>
    /// <param name="device">Where it computes, in float32.</param>
    public ClipAnnotator(
        string plainName,
        string folder,
        string sha256,
        Lexicon lexicon,
        IReadOnlyDictionary<string, double> thresholds,
        Device device)
    {
        (_plainName, _lexicon, _thresholds) = (plainName, lexicon, thresholds);
        Name = AnnotatorName.OfMachine(
            plainName,
            Fingerprint.Of(
                sha256,
                ZeroShotTexts.Version,
                thresholds.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new { entry.Key, entry.Value }).ToArray()));
        _model = new Lazy<ClipModel>(() => ClipModel.Load(folder, new Placement(ScalarType.Float32, device)));
    }

    public string Name { get; }

    public bool IsAutomatic => true;

    public bool Gave(string annotator) => annotator == Name;

    public bool GaveBefore(string annotator) =>
        annotator != Name && AnnotatorName.IsMachine(annotator) && AnnotatorName.Plain(annotator) == _plainName;

    public void RequireAble(Plan plan)
    {
        if (plan.Questions.FirstOrDefault(question => question.Query is null) is { } question)
        {
            throw plan.Spec.Questions.First(asked => asked.Name == question.Name).Location.Error(
                $"the question '{question.Name}' does not say what CLIP looks for; add sees: to it, or ask others with --annotators");
        }
    }

    public IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation) =>
        request.ByPrompt().SelectMany(AboutPrompt);

    /// <summary>
    /// How much better the statement fits an image than the best of its alternatives, in logits: no probability, since that of a statement
    /// among a hundred others is 0 to as many digits as a table has.
    /// </summary>
    /// <param name="logits">The statement's, then those of its alternatives.</param>
    public static double Score(IReadOnlyList<double> logits) => logits[0] - logits.Skip(1).Max();

    public void Dispose()
    {
        foreach (Tensor text in _texts.Values)
        {
            text.Dispose();
        }

        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }

    // Images one by one: a batch of another size could give other last digits, and which images are still open depends on earlier runs.
    private Answer[] AboutPrompt(AnnotationRequest request)
    {
        // Loaded before the scope opens: its weights outlive these images.
        ClipModel model = _model.Value;
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> images = request.Open.Select(answer => answer.Image).Distinct()
            .ToDictionary(image => image, image => Embedded(model, ImageFile.ReadLevels(request.Folder.In(image))));
        Dictionary<string, (Tensor Texts, double Threshold)> questions = request.Open.Select(answer => answer.Question).Distinct()
            .ToDictionary(name => name, name => Prepared(model, request.Questions.First(question => question.Name == name)));
        return
        [
            .. from answer in request.Open
               let question = questions[answer.Question]
               let score = Math.Round(Score(Doubles(model.Logits(images[answer.Image], question.Texts))), ScoreDigits)
               select answer with { Score = score, Yes = score > question.Threshold, Annotator = Name },
        ];
    }

    private (Tensor Texts, double Threshold) Prepared(ClipModel model, PlannedQuestion question)
    {
        Question query = question.Query!;
        ZeroShotTexts texts = ZeroShotTexts.Of(query, question.Prompt.Words.Values, _lexicon);
        return (
            cat([.. texts.Alternatives.Prepend(texts.Statement).Select(text => Embedded(model, text))]),
            _thresholds.GetValueOrDefault(QuestionKind.Of(query), Threshold));
    }

    private static Tensor Embedded(ClipModel model, ImageLevels image)
    {
        using DisposeScope scope = NewDisposeScope();
        return model.EmbedImages(model.Prepare(image.Rgb, image.Width, image.Height).unsqueeze(0)).MoveToOuterDisposeScope();
    }

    private Tensor Embedded(ClipModel model, string text)
    {
        if (!_texts.TryGetValue(text, out Tensor? embedded))
        {
            embedded = model.EmbedTexts([text]).DetachFromDisposeScope();
            _texts.Add(text, embedded);
        }

        return embedded;
    }

    private static double[] Doubles(Tensor logits)
    {
        using DisposeScope scope = NewDisposeScope();
        return logits.cpu().to(ScalarType.Float64).flatten().data<double>().ToArray();
    }
}
