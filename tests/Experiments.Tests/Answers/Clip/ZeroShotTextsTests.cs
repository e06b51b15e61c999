using Experiments.Answers.Clip;
using Experiments.Catalog;
using MiniWorld;

namespace Experiments.Tests.Answers.Clip;

public sealed class ZeroShotTextsTests
{
    private static readonly Lexicon Mini = Lexicon.Load(AssetCatalog.Lexicons.Find("mini").Path);

    private static readonly Lexicon Coco = Lexicon.Load(AssetCatalog.Lexicons.Find("coco").Path);

    [Fact]
    public void A_color_stands_against_its_negation_and_the_other_colors()
    {
        ZeroShotTexts texts = ZeroShotTexts.Of(new Question.ColorPresent("red"), ["red", "car"], Mini);

        Assert.Equal("a photo of something red", texts.Statement);
        Assert.Equal(
            [
                "a photo without something red",
                .. Mini.Group("color").Where(color => color != "red").Select(color => $"a photo of something {color}"),
            ],
            texts.Alternatives);
    }

    [Fact]
    public void What_else_the_prompt_asks_for_is_no_alternative()
    {
        ZeroShotTexts texts = ZeroShotTexts.Of(new Question.ThingInColor("apple", "orange"), ["orange", "apple", "blue", "boat"], Mini);

        Assert.Equal("a photo of an orange apple", texts.Statement);
        Assert.Contains("a photo of an apple that is not orange", texts.Alternatives);
        Assert.Contains("a photo of a red apple", texts.Alternatives);
        Assert.Contains("a photo of an orange bell", texts.Alternatives);
        Assert.DoesNotContain("a photo of a blue apple", texts.Alternatives);
        Assert.DoesNotContain("a photo of an orange boat", texts.Alternatives);
    }

    [Fact]
    public void An_orange_is_a_thing_among_things_though_it_is_a_color_too()
    {
        ZeroShotTexts texts = ZeroShotTexts.Of(new Question.ThingPresent("orange"), [], Coco);

        Assert.Contains("a photo of a banana", texts.Alternatives);
        Assert.DoesNotContain("a photo of a blue", texts.Alternatives);
    }

    [Fact]
    public void Names_have_no_article()
    {
        ZeroShotTexts texts = ZeroShotTexts.Of(new Question.ThingPresent("Adele"), [], Coco);

        Assert.Equal("a photo of Adele", texts.Statement);
        Assert.Contains("a photo of Albert Einstein", texts.Alternatives);
    }

    [Fact]
    public void Every_question_of_both_worlds_has_alternatives_none_of_them_twice_and_none_the_statement()
    {
        foreach ((Lexicon lexicon, Question question) in new[] { Mini, Coco }
            .SelectMany(lexicon => AllOf(lexicon).Select(question => (lexicon, question))))
        {
            ZeroShotTexts texts = ZeroShotTexts.Of(question, [], lexicon);

            Assert.NotEmpty(texts.Alternatives);
            Assert.Equal(texts.Alternatives.Count, texts.Alternatives.Append(texts.Statement).Distinct().Count() - 1);
        }
    }

    private static IEnumerable<Question> AllOf(Lexicon lexicon) =>
    [
        .. lexicon.GroupNames.SelectMany(group => lexicon.Group(group)).Distinct().Select(word => new Question.ThingPresent(word)),
        new Question.ThingInColor("apple", "red"), new Question.Related("apple", "in", "box"), new Question.Together("apple", "box"),
        new Question.AnimalPresent(), new Question.PersonPresent(), new Question.AnimalOfClass("bird"),
        new Question.PersonOfGender("female"), new Question.PersonOfTrade("singer"),
    ];
}
