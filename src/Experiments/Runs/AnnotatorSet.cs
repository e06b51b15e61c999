using DiffusionLens;
using DiffusionLens.Weights;
using Experiments.Answers;
using Experiments.Answers.Vision;
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
    /// <param name="asked">What the command line says.</param>
    /// <param name="spec">The experiment.</param>
    /// <param name="lexicon">The model's words.</param>
    /// <param name="digests">What was hashed before.</param>
    /// <exception cref="BadInputException">
    /// A recognizer or CLIP is asked for, and nobody names one; or it is not said which vision-language model is asked.
    /// </exception>
    public static AnnotatorSet Of(AnnotatorRequest asked, Spec spec, ModelInfo model, Lexicon lexicon, DigestCache digests)
    {
        IReadOnlyList<string> kinds = asked.Kinds ?? (spec.Annotators.Count > 0 ? spec.Annotators
            : [model.Recognizer is null ? AnnotatorKinds.People : AnnotatorKinds.Recognizer]);
        if (!asked.Vision.IsEmpty && !kinds.Contains(AnnotatorKinds.VisionModel))
        {
            throw new BadInputException("--vlm-...: no vision-language model is asked; add --annotators vlm, or vlm to the spec's answers");
        }

        if (!asked.Clip.IsEmpty && !kinds.Contains(AnnotatorKinds.Clip))
        {
            throw new BadInputException("--clip: CLIP is not asked; add --annotators clip, or clip to the spec's answers");
        }

        return new AnnotatorSet([.. kinds.Select(Make)]);

        IAnnotator Make(string kind) => kind switch
        {
            AnnotatorKinds.People => new PeopleAnnotator(),
            AnnotatorKinds.Recognizer => new RecognizerAnnotator(
                model.Recognizer ?? throw new BadInputException(
                    $"--annotators: {model.Name} names no recognizer; "
                        + "write {\"recognizer\": \"NAME\"} into its dlens.json, or ask people"),
                lexicon),
            AnnotatorKinds.VisionModel => VisionAnnotator.Of(asked.Vision.Over(spec.Vision)),
            AnnotatorKinds.Clip => ClipSource.Make(asked.Clip.Over(spec.Clip), model.Clip, lexicon, digests, asked.Device),
            _ => throw new ArgumentException($"No annotator {kind}", nameof(kind)),
        };
    }

    public void Dispose()
    {
        foreach (IAnnotator annotator in Annotators)
        {
            annotator.Dispose();
        }
    }
}
