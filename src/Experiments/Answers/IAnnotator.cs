using DiffusionLens;
using Experiments.Plans;

namespace Experiments.Answers;

/// <summary>Who answers questions about images: people, a recognizer. Each keeps its answers beside those of the others.</summary>
internal interface IAnnotator : IDisposable
{
    /// <summary>What it is called in messages.</summary>
    string Name { get; }

    /// <summary>Whether it answers when it is asked. Others answer later, in <c>questions.csv</c>.</summary>
    bool IsAutomatic { get; }

    /// <summary>Whether an answer under a name in <c>answers.csv</c> is its own.</summary>
    bool Gave(string annotator);

    /// <summary>
    /// Whether an answer under a name in <c>answers.csv</c> is its own from before it was changed, so that it is asked again.
    /// </summary>
    bool GaveBefore(string annotator);

    /// <summary>Finds out before any image is made whether it can answer.</summary>
    /// <exception cref="BadInputException">It cannot answer one of the plan's questions.</exception>
    void RequireAble(Plan plan);

    /// <summary>Answers questions about images of one prompt.</summary>
    /// <returns>The open answers, each with who answered and what; empty where it answers later.</returns>
    /// <exception cref="BadInputException">An image cannot be read.</exception>
    IReadOnlyList<Answer> Answer(AnnotationRequest request);
}
