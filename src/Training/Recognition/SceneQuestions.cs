using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;

namespace Training.Recognition;

/// <summary>Questions about drawn scenes, half of them with the answer no, the wrong ones near the right.</summary>
internal static class SceneQuestions
{
    /// <summary>Each kind of question about each object once where the truth is yes, and once where it is no.</summary>
    public static IEnumerable<(Question Question, bool Truth)> About(Scene scene, Lexicon lexicon, SplitMix64 random) =>
        from o in scene.Objects
        from question in About(o, scene, lexicon, random)
        let truth = scene.Answer(question)
        where truth is not null
        select (question, truth.Value);

    /// <summary>A question with the answer yes about an object, and the same about something else.</summary>
    private static IEnumerable<Question> About(SceneObject o, Scene scene, Lexicon lexicon, SplitMix64 random)
    {
        string other = Other(o.Entry.Group, o.Word);
        yield return new Question.ThingPresent(o.Word);
        yield return new Question.ThingPresent(other);
        if (o.Color is { } color)
        {
            string otherColor = scene.Objects
                .Select(x => x.Color).FirstOrDefault(c => c is not null && c != color) ?? Other("color", color);
            yield return new Question.ColorPresent(color);
            yield return new Question.ColorPresent(Other("color", color));
            yield return new Question.ThingInColor(o.Word, color);
            yield return new Question.ThingInColor(o.Word, otherColor);
        }

        if (o.Relation is { } relation)
        {
            string place = scene.Objects[1].Word;
            yield return new Question.Related(o.Word, relation, place);
            yield return random.Chance(0.5)
                ? new Question.Related(other, relation, place)
                : new Question.Related(o.Word, relation, Other(scene.Objects[1].Entry.Group, place));
        }

        yield return new Question.AnimalPresent();
        yield return new Question.PersonPresent();
        if (o.Entry.Class is { } kind)
        {
            yield return new Question.AnimalOfClass(kind);
            yield return new Question.AnimalOfClass(OtherValue(kind, word => word.Class));
        }

        if (o.Entry is { Gender: { } gender, Trade: { } trade })
        {
            yield return new Question.PersonOfGender(gender);
            yield return new Question.PersonOfGender(OtherValue(gender, word => word.Gender));
            yield return new Question.PersonOfTrade(trade);
            yield return new Question.PersonOfTrade(OtherValue(trade, word => word.Trade));
        }

        string Other(string group, string word)
        {
            string[] others = [.. lexicon.Group(group).Where(x => x != word)];
            return others[random.Whole(0, others.Length - 1)];
        }

        string OtherValue(string value, Func<LexiconWord, string?> of)
        {
            string[] others = [.. lexicon.AllWords.Select(of).OfType<string>().Where(x => x != value).Distinct()
                .Order(StringComparer.Ordinal)];
            return others[random.Whole(0, others.Length - 1)];
        }
    }
}
