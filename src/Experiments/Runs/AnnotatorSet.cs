using DiffusionLens;
using Experiments.Answers;
using Experiments.Answers.Clip;
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
    /// <param name="asked">What the command line says, or null.</param>
    /// <param name="spec">The experiment.</param>
    /// <param name="lexicon">The model's words.</param>
    /// <param name="vision">What the command line says of a vision-language model.</param>
    /// <param name="clipSpec">What the command line says of a CLIP.</param>
    /// <param name="clip">Makes the CLIP that answers.</param>
    /// <exception cref="BadInputException">
    /// A recognizer is asked for, and the model names none; or it is not said which vision-language model is asked.
    /// </exception>
    public static AnnotatorSet Of(
        IReadOnlyList<string>? asked,
        VisionSpec vision,
        Spec spec,
        ModelInfo model,
        Lexicon lexicon,
        ClipSpec clipSpec,
        Func<ClipAnnotator> clip)
    {
        IReadOnlyList<string> kinds = asked ?? (spec.Annotators.Count > 0 ? spec.Annotators
            : [model.Recognizer is null ? AnnotatorKinds.People : AnnotatorKinds.Recognizer]);
        if (!vision.IsEmpty && !kinds.Contains(AnnotatorKinds.VisionModel))
        {
            throw new BadInputException("--vlm-...: no vision-language model is asked; add --annotators vlm, or vlm to the spec's answers");
        }

        if (!clipSpec.IsEmpty && !kinds.Contains(AnnotatorKinds.Clip))
        {
            throw new BadInputException("--clip: CLIP is not asked; add --annotators clip, or clip to the spec's answers");
        }

        return new AnnotatorSet([.. kinds.Select(kind => Make(kind, vision.Over(spec.Vision), model, lexicon, clip))]);
    }

    public void Dispose()
    {
        foreach (IAnnotator annotator in Annotators)
        {
            annotator.Dispose();
        }
    }

    private static IAnnotator Make(
        string kind, VisionSpec vision, ModelInfo model, Lexicon lexicon, Func<ClipAnnotator> clip) => kind switch
    {
        AnnotatorKinds.People => new PeopleAnnotator(),
        AnnotatorKinds.Recognizer => new RecognizerAnnotator(
            model.Recognizer ?? throw new BadInputException(
                $"--annotators: {model.Name} names no recognizer; write {{\"recognizer\": \"NAME\"}} into its dlens.json, or ask people"),
            lexicon),
        AnnotatorKinds.VisionModel => VisionAnnotator.Of(vision),
        AnnotatorKinds.Clip => clip(),
        _ => throw new ArgumentException($"No annotator {kind}", nameof(kind)),
    };
}
