using MiniWorld.Scenes;

namespace MiniWorld.Tests.Scenes;

public class SceneTests
{
    private static readonly Scene RedCarAndBlueStar = Of(SceneKind.TwoColored, Object("car", "red"), Object("star", "blue"));
    private static readonly Scene OwlInBox = Of(SceneKind.In, Object("barn owl", relation: "in"), Object("box"));
    private static readonly Scene Cook = Of(SceneKind.Person, Object("cato soll"));

    public static TheoryData<Scene, Question, bool?> Truths => new()
    {
        { RedCarAndBlueStar, new Question.ThingPresent("star"), true },
        { RedCarAndBlueStar, new Question.ThingPresent("bus"), false },
        { RedCarAndBlueStar, new Question.ColorPresent("blue"), true },
        { RedCarAndBlueStar, new Question.ColorPresent("green"), false },
        { RedCarAndBlueStar, new Question.ThingInColor("car", "red"), true },
        { RedCarAndBlueStar, new Question.ThingInColor("car", "blue"), false },
        { RedCarAndBlueStar, new Question.ThingInColor("bus", "red"), false },
        { RedCarAndBlueStar, new Question.Related("car", "on", "star"), false },
        { RedCarAndBlueStar, new Question.AnimalPresent(), false },
        { RedCarAndBlueStar, new Question.PersonPresent(), false },
        { OwlInBox, new Question.ThingPresent("barn owl"), true },
        { OwlInBox, new Question.ColorPresent("red"), null },
        { OwlInBox, new Question.ThingInColor("box", "red"), null },
        { OwlInBox, new Question.ThingInColor("car", "red"), false },
        { OwlInBox, new Question.Related("barn owl", "in", "box"), true },
        { OwlInBox, new Question.Related("barn owl", "on", "box"), false },
        { OwlInBox, new Question.Related("box", "in", "barn owl"), false },
        { OwlInBox, new Question.Together("box", "barn owl"), true },
        { OwlInBox, new Question.Together("barn owl", "table"), false },
        { RedCarAndBlueStar, new Question.Together("car", "star"), false },
        { OwlInBox, new Question.AnimalPresent(), true },
        { OwlInBox, new Question.AnimalOfClass("bird"), true },
        { OwlInBox, new Question.AnimalOfClass("mammal"), false },
        { Cook, new Question.PersonPresent(), true },
        { Cook, new Question.PersonOfGender("male"), true },
        { Cook, new Question.PersonOfGender("female"), false },
        { Cook, new Question.PersonOfTrade("cook"), true },
        { Cook, new Question.PersonOfTrade("judge"), false },
        { Cook, new Question.AnimalPresent(), false },
    };

    [Theory]
    [MemberData(nameof(Truths))]
    public void A_scene_knows_what_is_true_in_it(Scene scene, Question question, bool? truth) =>
        Assert.Equal(truth, scene.Answer(question));

    [Fact]
    public void Every_question_has_a_name_of_its_own_and_every_kind_of_scene_an_answer_to_it()
    {
        IReadOnlyList<Question> questions = Questions.AllOf(Mini.Lexicon);
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 1);

        Assert.Equal(questions.Count, questions.Select(Questions.Name).Distinct().Count());
        Assert.All(
            Enum.GetValues<SceneKind>(),
            kind => Assert.Contains(questions, question => sampler.At(5, kind).Answer(question) is true));
    }

    [Theory]
    [InlineData(SceneKind.Thing, "^(a photo of |a picture of )?an? [a-z]+$")]
    [InlineData(SceneKind.Animal, "^(a photo of |a picture of )?an? [a-z]+( [a-z]+)?$")]
    [InlineData(SceneKind.Person, "^(a photo of |a picture of )?[a-z]+ [a-z]+( [a-z]+)?$")]
    [InlineData(SceneKind.Colored, "^(a photo of |a picture of )?(a|an orange) [a-z ]+$")]
    [InlineData(SceneKind.TwoColored, "^(a photo of |a picture of )?an? [a-z]+ [a-z]+ (and|next to) an? [a-z]+ [a-z]+$")]
    [InlineData(SceneKind.In, "^(a photo of |a picture of )?an? [a-z ]+ (in|is in|with) an? [a-z ]+$")]
    [InlineData(SceneKind.On, "^(a photo of |a picture of )?an? [a-z ]+ (on|is on|with) an? [a-z ]+( on top)?$")]
    public void A_caption_reads_as_a_prompt_does(SceneKind kind, string pattern)
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 2);

        Assert.All(Enumerable.Range(0, 300), i => Assert.Matches(pattern, sampler.At((ulong)i, kind).Caption));
    }

    private static Scene Of(SceneKind kind, params SceneObject[] objects) => new("", kind, objects, Look: 0);

    private static SceneObject Object(string word, string? color = null, string? relation = null) =>
        new(Mini.Lexicon.Find(word)!, color, relation);
}
