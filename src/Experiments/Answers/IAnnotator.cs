using DiffusionLens;
using Experiments.Plans;
using Experiments.Results;

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

    /// <summary>What asking it will take, for people who decide whether to: a line; null where it costs nothing.</summary>
    /// <param name="folder">The results folder; images may be missing in it.</param>
    /// <exception cref="BadInputException">What is in the folder cannot be read.</exception>
    string? CostOf(Plan plan, ResultsFolder folder) => null;

    /// <summary>
    /// Answers questions, one after another as they are asked for; each is kept before the next is. Several may be worked on at the same
    /// time, and they may come in any order.
    /// </summary>
    /// <param name="request">All that is open to it.</param>
    /// <param name="cancellation">Stops what is being worked on.</param>
    /// <returns>The open answers, each with who answered and what; empty where it answers later.</returns>
    /// <exception cref="BadInputException">
    /// An image cannot be read, or questions stay open that it should answer now; what came before it is kept.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IEnumerable<Answer> Answer(AnnotationRequest request, CancellationToken cancellation);
}
