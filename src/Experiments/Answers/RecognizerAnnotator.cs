using Experiments.Images;
using Experiments.Plans;
using Experiments.Results;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Answers;

/// <summary>The recognizer of a small world as an annotator. It is loaded when it is first asked.</summary>
internal sealed class RecognizerAnnotator : IDisposable
{
    private readonly Lazy<Recognizer> _recognizer;
    private readonly NamedHash _identity;

    /// <summary>An annotator that knows a world.</summary>
    /// <param name="folder">The recognizer's folder.</param>
    /// <param name="identity">Its name and hash: by both it is named in <c>answers.csv</c>.</param>
    /// <param name="lexicon">The world's words.</param>
    public RecognizerAnnotator(string folder, NamedHash identity, Lexicon lexicon)
    {
        _recognizer = new Lazy<Recognizer>(() => Recognizer.Load(folder, lexicon));
        _identity = identity;
        Annotator = new Annotator(Name, Score);
    }

    /// <summary>This, as the stage of answers takes it.</summary>
    public Annotator Annotator { get; }

    private string Name => $"{_identity.Name}@{_identity.Sha256[..8]}";

    /// <summary>Takes away the answers of a recognizer of the same name with other weights.</summary>
    /// <param name="answers">The table of answers.</param>
    /// <exception cref="DiffusionLens.BadInputException">The table cannot be read or written.</exception>
    public void DropOutdated(string answers)
    {
        IReadOnlyList<Answer> all = File.Exists(answers) ? AnswerTable.Read(answers) : [];
        Answer[] standing =
            [.. all.Where(answer => answer.Annotator == Name || !answer.Annotator.StartsWith(_identity.Name + "@", StringComparison.Ordinal))];
        if (standing.Length < all.Count)
        {
            AnswerTable.Write(answers, standing);
        }
    }

    public void Dispose()
    {
        if (_recognizer.IsValueCreated)
        {
            _recognizer.Value.Dispose();
        }
    }

    private IReadOnlyList<IReadOnlyList<double>> Score(IReadOnlyList<string> images, IReadOnlyList<PlannedQuestion> questions)
    {
        // Loaded before the scope opens: its weights outlive these images.
        Recognizer recognizer = _recognizer.Value;
        using DisposeScope scope = NewDisposeScope();
        Recognizer.SeenImages seen = recognizer.Look(stack([.. images.Select(ImageFile.Read)]));
        return [.. questions.Select(question => (IReadOnlyList<double>)[.. Enumerable.Range(0, seen.Count).Select(i => seen.Score(i, question.Query))])];
    }
}
