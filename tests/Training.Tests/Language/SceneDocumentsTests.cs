using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;
using Training.Language;

namespace Training.Tests.Language;

public class SceneDocumentsTests
{
    private static readonly Lexicon Lexicon = Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));

    private static readonly SceneSampler Scenes = new(Lexicon, PairRule.Seen, 1);

    [Fact]
    public void A_document_tells_the_caption_and_one_to_three_true_statements()
    {
        for (ulong i = 0; i < 500; i++)
        {
            Scene scene = Scenes.At(i);
            List<string> told = [.. SceneDocuments.Of(scene, new SplitMix64(i))], statements = [.. SceneDocuments.Statements(scene)];
            Assert.True(told.Remove(scene.Caption));
            Assert.InRange(told.Count, Math.Min(1, statements.Count), 3);
            Assert.All(told, statement => Assert.Contains(statement, statements));
            Assert.Distinct(told);
        }
    }

    [Fact]
    public void Of_two_colors_one_is_told_again()
    {
        for (ulong i = 0; i < 200; i++)
        {
            Scene scene = Scenes.At(i, SceneKind.TwoColored);
            Assert.NotEmpty(scene.Objects.Select(o => $"the {o.Word} is {o.Color}").Intersect(SceneDocuments.Of(scene, new SplitMix64(i))));
        }
    }

    [Fact]
    public void A_document_never_gives_a_thing_two_colors()
    {
        for (ulong i = 0; i < 500; i++)
        {
            string text = string.Join(SceneDocuments.Stop, SceneDocuments.At(Scenes, i));
            Assert.All(Lexicon.Words("object"), thing => Assert.InRange(ColorsOf(thing), 0, 1));

            int ColorsOf(LexiconWord thing) => Lexicon.Words("color")
                .Count(color => text.Contains($"the {thing.Text} is {color.Text}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Two_colored_things_are_told_by_color_and_place()
    {
        LexiconWord car = Lexicon.Find("car")!, star = Lexicon.Find("star")!;
        Scene scene = new("a red car and a blue star", SceneKind.TwoColored, [new(car, "red"), new(star, "blue")], Look: 0);

        Assert.Equal(
            ["the car is red", "the star is blue", "the car is left of the star", "the star is right of the car"],
            SceneDocuments.Statements(scene));
    }
}
