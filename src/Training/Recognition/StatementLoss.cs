using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// How far the recognizer's scores are from what is true: binary cross-entropy of the very score that answers a question
/// (<see cref="Recognizer.SeenImages.Score(int, Question)"/>), so that it is the answers that are learned, and not where in the image
/// a thing is. Questions about a thing, a color, a thing in a color and a relation are learned from; those about classes follow from them.
/// </summary>
internal sealed class StatementLoss(RecognizerConfig config)
{
    private const double Least = 1e-5;

    private readonly SceneClasses _classes = new(config);

    /// <summary>The mean over the statements; 0 where there is none.</summary>
    /// <param name="logits">Of the batch, in any type.</param>
    /// <param name="statements">About images of the batch.</param>
    public Tensor Of(CellLogits logits, IReadOnlyList<Statement> statements)
    {
        (Statement Said, Evidence First, Evidence Second)[] asked = [.. statements
            .Select(said => (said, Evidences: EvidencesFor(said.Question)))
            .Where(pair => pair.Evidences.Length > 0)
            .Select(pair => (pair.said, pair.Evidences[0], pair.Evidences[^1]))];
        if (asked.Length == 0)
        {
            return zeros(1).sum();
        }

        using DisposeScope scope = NewDisposeScope();
        Maps things = new(logits.Things), colors = new(logits.Colors), relations = new(logits.Relations);
        Tensor score = Score(one => one.First).minimum(Score(one => one.Second)).ClampTo(Least, 1 - Least);
        Tensor truth = tensor(asked.Select(one => one.Said.Shown ? 1f : 0).ToArray());
        return nn.functional.binary_cross_entropy(score, truth).MoveToOuterDisposeScope();

        Tensor Score(Func<(Statement Said, Evidence First, Evidence Second), Evidence> part)
        {
            return things.Of(Classes(evidence => evidence.Thing))
                .mul(colors.Of(Classes(evidence => evidence.Color)))
                .mul(relations.Of(Classes(evidence => evidence.Relation)))
                .topk(Recognizer.Cells, dim: 1).values.mean([1]);

            IEnumerable<(int, long?)> Classes(Func<Evidence, long?> number) => asked.Select(one => (one.Said.Image, number(part(one))));
        }
    }

    private Evidence[] EvidencesFor(Question question) => question switch
    {
        Question.ThingPresent(var thing) => [new(_classes.Thing(thing), null, null)],
        Question.ColorPresent(var color) => [new(null, _classes.Color(color), null)],
        Question.ThingInColor(var thing, var color) => [new(_classes.Thing(thing), _classes.Color(color), null)],
        Question.Related(var first, var relation, var second) =>
            [new(_classes.Thing(first), null, _classes.Relation(relation)), new(_classes.Thing(second), null, null)],
        _ => [],
    };

    /// <summary>Numbers of the classes whose probabilities are multiplied; null: none of this kind.</summary>
    private readonly record struct Evidence(long? Thing, long? Color, long? Relation);

    /// <summary>Probabilities of each class in each cell, and 1 for no class.</summary>
    private sealed class Maps
    {
        private readonly Tensor _maps;
        private readonly long _classes;

        public Maps(Tensor logits)
        {
            Tensor probabilities = logits.to(ScalarType.Float32).softmax(1).flatten(2);
            _maps = cat([probabilities, ones_like(probabilities[.., ..1])], 1).flatten(0, 1);
            _classes = probabilities.shape[1] + 1;
        }

        /// <returns><c>[n, cells]</c>.</returns>
        public Tensor Of(IEnumerable<(int Image, long? Class)> asked)
            => _maps.index_select(0, tensor(asked.Select(one => (one.Image * _classes) + (one.Class ?? _classes - 1)).ToArray()));
    }
}
