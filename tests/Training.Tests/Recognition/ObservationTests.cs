using MiniWorld;
using MiniWorld.Scenes;
using Training.Recognition;
using Training.Tests.Rendering;

namespace Training.Tests.Recognition;

public class ObservationTests
{
    private static readonly Lexicon Lexicon = Lexicon.Load(InstalledArt.LexiconPath);

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("?", "")]
    [InlineData("red car", "car red")]
    [InlineData("car", "car")]
    [InlineData("green chair + purple hat", "chair green, hat purple")]
    [InlineData("? + purple hat", "hat purple")]
    [InlineData("cat in bathtub", "cat in, bathtub")]
    [InlineData("strawberry on table", "strawberry on, table")]
    [InlineData("? in bucket", "bucket")]
    [InlineData("red car on ?", "car red")]
    [InlineData("animal on bed", "bed")]
    [InlineData("female police officer", "vera del soll")]
    [InlineData("person", "")]
    public void What_somebody_saw_is_a_scene(string text, string objects)
        => Assert.Equal(objects, string.Join(", ", Observation.Read(text, Lexicon).Objects.Select(o =>
            string.Join(' ', ((string?[])[o.Word, o.Color, o.Relation]).OfType<string>()))));

    [Theory]
    [InlineData("zeppelin", "'zeppelin' is no word")]
    [InlineData("red strawberry", "'red strawberry' is no word")]
    [InlineData("male", "'male' is no word")]
    [InlineData("red", "'red' is no word")]
    [InlineData("", "'' is no word")]
    public void Other_words_are_refused_by_name(string text, string error)
        => Assert.Contains(error, Assert.Throws<FormatException>(() => Observation.Read(text, Lexicon)).Message, StringComparison.Ordinal);
}
