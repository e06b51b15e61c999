using DiffusionLens;
using MiniWorld.Scenes;

namespace MiniWorld.Tests.Scenes;

public class SceneSamplerTests
{
    [Fact]
    public void A_scene_depends_on_seed_and_number_alone()
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, seed: 7), same = new(Mini.Lexicon, PairRule.Any, seed: 7);
        SceneSampler other = new(Mini.Lexicon, PairRule.Any, seed: 8);
        Scene[] scenes = [.. Enumerable.Range(0, 50).Select(i => sampler.At((ulong)i))];

        Assert.Equal((scenes[49].Caption, scenes[49].Look), (same.At(49).Caption, same.At(49).Look));
        Assert.Equal(scenes.Length, scenes.Select(scene => scene.Look).Distinct().Count());
        Assert.DoesNotContain(other.At(49).Look, scenes.Select(scene => scene.Look));
    }

    [Fact]
    public void A_lexicon_without_the_worlds_groups_is_refused()
    {
        Lexicon coco = Lexicon.Load(Path.Combine(AppContext.BaseDirectory, "lexicons", "coco.yaml"));

        BadInputException error = Assert.Throws<BadInputException>(() => new SceneSampler(coco, PairRule.Any, 1));

        Assert.Contains("no group 'thing'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mixture_of_your_own_replaces_the_lexicons()
    {
        Dictionary<SceneKind, double> mixture = new() { [SceneKind.Animal] = 1, [SceneKind.Person] = 3 };
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 1, mixture);

        int persons = Enumerable.Range(0, 4000).Count(i => sampler.At((ulong)i).Kind == SceneKind.Person);
        Assert.InRange(persons, 2850, 3150);
    }

    [Fact]
    public void Evenly_drawn_a_rare_word_is_met_as_often_as_a_common_one()
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 3, evenly: true);
        string[] animals = [.. Enumerable.Range(0, 8_000).Select(i => sampler.At((ulong)i, SceneKind.Animal).Objects[0].Word)];

        Assert.InRange(animals.Count(word => word == "sloth"), 150, 250);
        Assert.InRange(animals.Count(word => word == "cat"), 150, 250);
        double red = Enumerable.Range(0, 20_000).Select(i => sampler.At((ulong)i, SceneKind.Colored).Objects[0])
            .Where(o => o.Word == "apple").Average(o => o.Color == "red" ? 1.0 : 0);
        Assert.InRange(red, 0.07, 0.18);
    }

    [Fact]
    public void Scenes_for_training_have_no_held_out_pair_and_held_out_scenes_all_have_one()
    {
        SceneSampler seen = new(Mini.Lexicon, PairRule.Seen, 1), heldOut = new(Mini.Lexicon, PairRule.HeldOut, 1);
        for (ulong i = 0; i < 3000; i++)
        {
            Assert.False(HeldOutPairs.AreIn(seen.At(i).Objects));
            Assert.True(HeldOutPairs.AreIn(heldOut.At(i).Objects));
        }
    }

    [Fact]
    public void Animals_and_persons_are_met_as_often_as_the_lexicon_says()
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 3);
        const int Draws = 40_000;
        Dictionary<string, int> animals = Count(SceneKind.Animal), persons = Count(SceneKind.Person);

        int familiar = animals.Where(a => Mini.Lexicon.Find(a.Key)!.Group == "familiar animal").Sum(a => a.Value);
        Assert.InRange((Draws - familiar) / (double)familiar, 0.03, 0.05);
        Assert.InRange(persons["gino del dorn"] / (double)persons["aldo marn"], 0.03, 0.07);

        Dictionary<string, int> Count(SceneKind kind) => Enumerable.Range(0, Draws)
            .CountBy(i => sampler.At((ulong)i, kind).Objects[0].Word).ToDictionary();
    }

    [Fact]
    public void A_thing_with_a_usual_color_mostly_has_it()
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Seen, 3);
        SceneObject[] hearts = [.. Enumerable.Range(0, 20_000)
            .Select(i => sampler.At((ulong)i, SceneKind.Colored).Objects[0])
            .Where(o => o.Word == "heart")];

        Assert.InRange(hearts.Count(o => o.Color == "red") / (double)hearts.Length, 0.33, 0.6);
    }

    [Theory]
    [InlineData(SceneKind.In, "in")]
    [InlineData(SceneKind.On, "on")]
    public void A_relation_is_said_as_an_attribute_in_either_noun_order_and_as_a_sentence(SceneKind kind, string relation)
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.Any, 5);
        Scene[] scenes = [.. Enumerable.Range(0, 200).Select(i => sampler.At((ulong)i, kind))];

        Assert.All(
            scenes,
            scene => Assert.True(scene.Answer(new Question.Related(scene.Objects[0].Word, relation, scene.Objects[1].Word))));
        Assert.Contains(scenes, scene => scene.Caption == $"{Say(scene, 0)} {relation} {Say(scene, 1)}");
        Assert.Contains(scenes, scene => scene.Caption == $"{Say(scene, 0)} is {relation} {Say(scene, 1)}");
        Assert.Contains(scenes, scene => scene.Caption == $"{Say(scene, 1)} with {Say(scene, 0)}");

        static string Say(Scene scene, int i) => $"{scene.Objects[i].Entry.Article} {scene.Objects[i].Word}";
    }

    [Fact]
    public void Kinds_without_pairs_cannot_be_held_out()
    {
        SceneSampler sampler = new(Mini.Lexicon, PairRule.HeldOut, 1);

        Assert.Throws<ArgumentException>(() => sampler.At(0, SceneKind.Animal));
        Assert.DoesNotContain(SceneKind.Animal, sampler.Kinds);
    }
}
