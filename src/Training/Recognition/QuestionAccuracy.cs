using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>How often the recognizer answers a kind of question right.</summary>
/// <param name="Right">Right answers.</param>
/// <param name="Asked">All answers; half of the questions asked have the answer no.</param>
internal sealed record QuestionAccuracy(string Question, int Right, int Asked)
{
    public double Share => (double)Right / Asked;

    /// <summary>Asks of every scene each kind of question once where the truth is yes, and once where it is no.</summary>
    public static IReadOnlyList<QuestionAccuracy> Measure(
        Recognizer recognizer, IReadOnlyList<DrawnScene> scenes, Tensor pixels, Lexicon lexicon)
    {
        Recognizer.SeenImages seen = recognizer.Look(pixels);
        SplitMix64 random = new(7);
        List<(string Kind, bool Right)> answers = [];
        for (int i = 0; i < scenes.Count; i++)
        {
            foreach (Question question in scenes[i].Scene.Objects.SelectMany(o => About(o, scenes[i].Scene, lexicon, random)))
            {
                if (scenes[i].Scene.Answer(question) is { } truth)
                {
                    answers.Add((question.GetType().Name, seen.Score(i, question) > Recognizer.Threshold == truth));
                }
            }
        }

        return [.. answers.GroupBy(answer => answer.Kind).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new QuestionAccuracy(group.Key, group.Count(answer => answer.Right), group.Count()))];
    }

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
