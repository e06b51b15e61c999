using DiffusionLens;
using Experiments.Answers;
using Experiments.Models;
using Experiments.Specs;
using MiniWorld;

namespace Experiments.Runs;

/// <summary>The annotators of a run, the main one first.</summary>
internal sealed class AnnotatorSet : IDisposable
{
    private AnnotatorSet(IReadOnlyList<IAnnotator> annotators) => Annotators = annotators;

    public IReadOnlyList<IAnnotator> Annotators { get; }

    /// <summary>
    /// Makes those that are asked for: by the command line, else by the spec, else the recognizer that the model names, else people.
    /// </summary>
    /// <param name="asked">What the command line says, or null.</param>
    /// <param name="spec">The experiment.</param>
    /// <param name="lexicon">The model's words.</param>
    /// <exception cref="BadInputException">A recognizer is asked for, and the model names none.</exception>
    public static AnnotatorSet Of(IReadOnlyList<string>? asked, Spec spec, ModelInfo model, Lexicon lexicon)
    {
        IReadOnlyList<string> kinds = asked ?? (spec.Annotators.Count > 0 ? spec.Annotators
            : [model.Recognizer is null ? AnnotatorKinds.People : AnnotatorKinds.Recognizer]);
        return new AnnotatorSet([.. kinds.Select(kind => Make(kind, model, lexicon))]);
    }

    public void Dispose()
    {
        foreach (IAnnotator annotator in Annotators)
        {
            annotator.Dispose();
        }
    }

    private static IAnnotator Make(string kind, ModelInfo model, Lexicon lexicon) => kind switch
    {
        AnnotatorKinds.People => new PeopleAnnotator(),
        AnnotatorKinds.Recognizer => new RecognizerAnnotator(
            model.Recognizer ?? throw new BadInputException(
                $"--annotators: {model.Name} names no recognizer; write {{\"recognizer\": \"NAME\"}} into its dlens.json, or ask people"),
            lexicon),
        _ => throw new ArgumentException($"No annotator {kind}", nameof(kind)),
    };
}
