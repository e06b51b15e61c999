using MiniWorld;

namespace Experiments.Specs;

/// <summary>
/// What a question is about, whatever words it has: annotators are compared and calibrated by these. A question that says nothing to
/// recognizers is a kind of its own, by its name.
/// </summary>
internal static class QuestionKind
{
    public const string Thing = "thing", Color = "color", ThingInColor = "thing in color", Relation = "relation",
        Together = "together", Animal = "animal", Person = "person";

    /// <summary>Of a question of a spec.</summary>
    public static string Of(QuestionSpec question) => question.Sees switch
    {
        VisualQuery.Thing => Thing,
        VisualQuery.Color => Color,
        VisualQuery.ThingInColor => ThingInColor,
        VisualQuery.Related => Relation,
        VisualQuery.Together => Together,
        VisualQuery.Animal => Animal,
        VisualQuery.Person => Person,
        VisualQuery.OfKind(var name, _) => name.Attribute ?? question.Name,
        _ => question.Name,
    };

    /// <summary>Of a question about an image.</summary>
    public static string Of(Question question) => question switch
    {
        Question.ThingPresent => Thing,
        Question.ColorPresent => Color,
        Question.ThingInColor => ThingInColor,
        Question.Related => Relation,
        Question.Together => Together,
        Question.AnimalPresent => Animal,
        Question.AnimalOfClass => "class",
        Question.PersonPresent => Person,
        Question.PersonOfGender => "gender",
        Question.PersonOfTrade => "trade",
        _ => throw new ArgumentException($"No kind of {question}", nameof(question)),
    };
}
