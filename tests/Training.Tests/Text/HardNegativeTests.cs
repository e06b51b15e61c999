using DiffusionLens.Runtime;
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
        Assert.All(scenes.SelectMany(scene => HardNegatives.Of(scene, Mini, random).Select(miss => (scene, miss))), pair =>
            Assert.NotEqual(
                pair.scene.Objects.Select(o => (o.Word, o.Color, o.Relation)).Order(),
                pair.miss.Objects.Select(o => (o.Word, o.Color, o.Relation)).Order()));
    }

    [Fact]
    public void Two_colored_things_get_a_twin_with_swapped_colors()
    {
        SceneSampler sampler = new(Mini, PairRule.Any, 4);
        SplitMix64 random = new(2);
        Assert.All(Enumerable.Range(0, 100).Select(i => sampler.At((ulong)i, SceneKind.TwoColored)), scene =>
            Assert.Contains(HardNegatives.Of(scene, Mini, random), miss =>
                miss.Objects[0] == scene.Objects[0] with { Color = scene.Objects[1].Color }
                && miss.Objects[1] == scene.Objects[1] with { Color = scene.Objects[0].Color }));
    }
}
