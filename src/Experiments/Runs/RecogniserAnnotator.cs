using Experiments.Answers;
using Experiments.Images;
using Experiments.Plans;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Runs;

/// <summary>The recogniser of a small world as an annotator. It is loaded when it is first asked.</summary>
internal sealed class RecogniserAnnotator : IDisposable
{
    private readonly Lazy<Recogniser> _recogniser;
    private readonly NamedHash _identity;

    /// <summary>An annotator that knows a world.</summary>
    /// <param name="folder">The recogniser's folder.</param>
    /// <param name="identity">Its name and hash: by both it is named in <c>answers.csv</c>.</param>
    /// <param name="lexicon">The world's words.</param>
    public RecogniserAnnotator(string folder, NamedHash identity, Lexicon lexicon)
    {
        _recogniser = new Lazy<Recogniser>(() => Recogniser.Load(folder, lexicon));
        _identity = identity;
        Annotator = new Annotator(Name, Score);
    }

    /// <summary>This, as the stage of answers takes it.</summary>
    public Annotator Annotator { get; }

    private string Name => $"{_identity.Name}@{_identity.Sha256[..8]}";

    /// <summary>Takes away the answers of a recogniser of the same name with other weights.</summary>
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
        if (_recogniser.IsValueCreated)
        {
            _recogniser.Value.Dispose();
        }
    }

    private IReadOnlyList<IReadOnlyList<double>> Score(IReadOnlyList<string> pictures, IReadOnlyList<PlannedQuestion> questions)
    {
        // Loaded before the scope opens: its weights outlive these pictures.
        Recogniser recogniser = _recogniser.Value;
        using DisposeScope scope = NewDisposeScope();
        Recogniser.SeenPictures seen = recogniser.Look(stack([.. pictures.Select(PictureFile.Read)]));
        return [.. questions.Select(question => (IReadOnlyList<double>)[.. Enumerable.Range(0, seen.Count).Select(i => seen.Score(i, question.Query))])];
    }
}
