using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Recognition;

/// <summary>A generated image that two observers looked at, without knowing what it was made for.</summary>
/// <param name="Caption">What the model was asked for.</param>
/// <param name="First">What one observer saw.</param>
/// <param name="Second">What the other saw.</param>
/// <param name="Model">Whose image it is.</param>
/// <param name="OfLastLayer">Whether it is of the last layer.</param>
internal sealed record SeenImage(Scene Caption, Scene First, Scene Second, string Model, bool OfLastLayer)
{
    /// <summary>Whether it shows all that the caption says; null: the observers differ, or one left a color out.</summary>
    public bool? ShowsCaption => Agreed(seen =>
    {
        bool?[] answers = [.. Caption.Statements().Select(seen.Answer)];
        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    });

    /// <summary>What both observers say of each thing of the caption, and of what else both of them saw.</summary>
    public IEnumerable<(Question Question, bool Shown)> Statements() =>
        from question in Caption.Statements()
            .Concat(Caption.Objects.Concat(First.Objects).Select(o => new Question.ThingPresent(o.Word)))
            .Concat(First.Statements())
            .Distinct()
        let shown = Agreed(seen => seen.Answer(question))
        where shown is not null
        select (question, shown.Value);

    private bool? Agreed(Func<Scene, bool?> answer) => answer(First) == answer(Second) ? answer(First) : null;
}
