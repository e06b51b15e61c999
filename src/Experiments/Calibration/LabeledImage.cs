using MiniWorld;

namespace Experiments.Calibration;

/// <summary>An image with what is known to be true and false of it.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Statements">Each question once.</param>
internal sealed record LabeledImage(string Path, IReadOnlyList<LabeledStatement> Statements)
{
    /// <summary>
    /// The words of what is there besides what a question is about, as a prompt would have them that asks for all of it: where the question
    /// is about nothing that is there, it stands in place of the first thing. A relation is about both things of an image.
    /// </summary>
    public IReadOnlyList<string> WordsBeside(Question question)
    {
        if (question is Question.Related or Question.Together)
        {
            return [];
        }

        string[][] things =
        [
            .. Statements.Where(statement => statement.IsTrue).Select(statement => statement.Question).OfType<Question.ThingPresent>()
                .Select(thing => (string[])[thing.Thing, .. ColorsOf(thing.Thing)]),
        ];
        int place = Array.FindIndex(things, words => words.Intersect(StatementWords.Of(question)).Any());
        return [.. things.Where((_, i) => i != Math.Max(0, place)).SelectMany(words => words)];
    }

    private IEnumerable<string> ColorsOf(string thing) =>
        Statements.Where(statement => statement.IsTrue).Select(statement => statement.Question).OfType<Question.ThingInColor>()
            .Where(colored => colored.Thing == thing).Select(colored => colored.Color);
}

/// <summary>A question about an image, with its answer.</summary>
internal sealed record LabeledStatement(Question Question, bool IsTrue);
