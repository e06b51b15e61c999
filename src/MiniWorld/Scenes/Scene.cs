namespace MiniWorld.Scenes;

/// <summary>Something in a scene.</summary>
/// <param name="Entry">The word with its attributes.</param>
/// <param name="Color">The color it is painted in, or null where it has its own.</param>
/// <param name="Relation"><c>in</c> or <c>on</c> where it is in or on the scene's next object, else null.</param>
public sealed record SceneObject(LexiconWord Entry, string? Color = null, string? Relation = null)
{
    /// <summary>The word alone.</summary>
    public string Word => Entry.Text;
}

/// <summary>A scene in words: what is said of it and what is true in it. Its look is left to the renderer and <see cref="Look"/>.</summary>
/// <param name="Caption">What is said, in lower case.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Objects">What is in it, one or two; of a relation first the thing, then its place.</param>
/// <param name="Look">The seed of everything that words leave open: sizes, places, ground.</param>
public sealed record Scene(string Caption, SceneKind Kind, IReadOnlyList<SceneObject> Objects, ulong Look)
{
    /// <summary>
    /// The truth: yes, no, or null where words do not decide it, which is when a color is asked of a thing in its own colors
    /// (a strawberry is mostly red).
    /// </summary>
    public bool? Answer(Question question) => question switch
    {
        Question.ThingPresent(var thing) => Objects.Any(o => o.Word == thing),
        Question.ColorPresent(var color) => InColor(Objects, color),
        Question.ThingInColor(var thing, var color) => InColor(Objects.Where(o => o.Word == thing), color),
        Question.Related(var first, var relation, var second) => Objects is [var one, var other]
            && one.Word == first && one.Relation == relation && other.Word == second,
        Question.Together(var one, var other) => Objects is [{ Relation: not null } first, var second]
            && (first.Word, second.Word) is var words && (words == (one, other) || words == (other, one)),
        Question.AnimalPresent => Objects.Any(o => o.Entry.Class is not null),
        Question.AnimalOfClass(var name) => Objects.Any(o => o.Entry.Class == name),
        Question.PersonPresent => Objects.Any(o => o.Entry.Gender is not null),
        Question.PersonOfGender(var gender) => Objects.Any(o => o.Entry.Gender == gender),
        Question.PersonOfTrade(var trade) => Objects.Any(o => o.Entry.Trade == trade),
        _ => throw new ArgumentException($"No scene can answer {question}", nameof(question)),
    };

    /// <summary>
    /// All that an image must show to be an image of this scene: each thing, in its color where it has one, and the relation.
    /// </summary>
    public IEnumerable<Question> Statements()
    {
        foreach (SceneObject o in Objects)
        {
            yield return o.Color is { } color ? new Question.ThingInColor(o.Word, color) : new Question.ThingPresent(o.Word);
        }

        if (Objects is [{ Relation: { } relation } first, var second])
        {
            yield return new Question.Related(first.Word, relation, second.Word);
        }
    }

    private static bool? InColor(IEnumerable<SceneObject> objects, string color)
    {
        bool? answer = false;
        foreach (SceneObject o in objects)
        {
            if (o.Color == color)
            {
                return true;
            }
            answer = o.Color is null ? null : answer;
        }
        return answer;
    }
}
