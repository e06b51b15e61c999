using MiniWorld;
using MiniWorld.Scenes;
using Training.Recognition;
using Training.Tests.Rendering;

namespace Training.Tests.Recognition;

public class SeenImageTests
{
    private static readonly Lexicon Lexicon = Lexicon.Load(InstalledArt.LexiconPath);

    [Theory]
    [InlineData("red car + blue star", "red car + blue star", true)]
    [InlineData("red car + ?", "red car", false)]
    [InlineData("red car + blue star", "red car + ?", null)]
    [InlineData("car + blue star", "car + blue star", null)]
    [InlineData("blue car + red star", "blue car + red star", false)]
    public void It_shows_its_caption_where_both_saw_all_of_it(string first, string second, bool? shows)
        => Assert.Equal(shows, Seen("red car + blue star", first, second).ShowsCaption);

    [Fact]
    public void A_relation_is_shown_where_both_saw_it()
    {
        Assert.True(Seen("cat in bathtub", "cat in bathtub", "cat in bathtub").ShowsCaption);
        Assert.False(Seen("cat in bathtub", "cat + bathtub", "cat").ShowsCaption);
        Assert.False(Seen("cat in bathtub", "cat on table", "cat on table").ShowsCaption);
    }

    [Fact]
    public void Statements_are_what_both_say_of_the_caption_and_what_else_both_saw()
    {
        SeenImage image = Seen("red car + blue star", "red truck + blue star", "red truck + green star");

        Assert.Equal(
            [
                (new Question.ThingInColor("car", "red"), false),
                (new Question.ThingPresent("car"), false),
                (new Question.ThingPresent("star"), true),
                (new Question.ThingPresent("truck"), true),
                (new Question.ThingInColor("truck", "red"), true),
            ],
            image.Statements());
    }

    private static SeenImage Seen(string caption, string first, string second) => new(
        Observation.Read(caption, Lexicon),
        Observation.Read(first, Lexicon),
        Observation.Read(second, Lexicon),
        "mini-sd",
        OfLastLayer: true);
}
