using MiniWorld;
using MiniWorld.Scenes;
using Training.Text;

namespace Training.Tests.Text;

public class HardNegativeTests
{
    private static readonly Lexicon Mini = Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "mini.yaml"));

    [Fact]
    public void A_near_miss_is_never_true_of_its_scene()
    {
        SceneSampler sampler = new(Mini, PairRule.Any, 3);
        SplitMix64 random = new(1);
        Scene[] scenes = [.. Enumerable.Range(0, 500).Select(i => sampler.At((ulong)i))];
        Assert.All(scenes.Select(scene => (scene, HardNegatives.Of(scene, Mini, random))).Where(pair => pair.Item2 is not null), pair =>
            Assert.NotEqual(
                pair.scene.Objects.Select(o => (o.Word, o.Color, o.Relation)).Order(),
                pair.Item2!.Objects.Select(o => (o.Word, o.Color, o.Relation)).Order()));
    }

    [Fact]
    public void Two_coloured_things_often_get_a_twin_with_swapped_colours()
    {
        SceneSampler sampler = new(Mini, PairRule.Any, 4);
        SplitMix64 random = new(2);
        int swapped = Enumerable.Range(0, 100).Count(i =>
        {
            Scene scene = sampler.At((ulong)i, SceneKind.TwoColored);
            return HardNegatives.Of(scene, Mini, random)!.Objects[0].Color == scene.Objects[1].Color;
        });
        Assert.InRange(swapped, 50, 90);
    }
}
