using MiniWorld;
using MiniWorld.Scenes;
using Training.Rendering;

namespace Training.Tests.Rendering;

public class SceneRendererTests
{
    private readonly EmojiArt _art;
    private readonly SceneSampler _sampler;
    private readonly SceneRenderer _renderer;

    public SceneRendererTests()
    {
        _art = InstalledArt.Load();
        _sampler = new SceneSampler(_art.Lexicon, PairRule.Any, 1);
        _renderer = new SceneRenderer(_art);
    }

    [SkippableFact]
    public void The_same_scene_is_the_same_image_and_another_look_is_another()
    {
        Scene scene = _sampler.At(3);

        Assert.Equal(_renderer.Render(scene).Pixels, new SceneRenderer(_art).Render(scene).Pixels);
        Assert.NotEqual(_renderer.Render(scene).Pixels, _renderer.Render(scene with { Look = scene.Look + 1 }).Pixels);
    }

    [SkippableFact]
    public void Every_object_is_seen_in_every_scene()
    {
        for (ulong i = 0; i < 2000; i++)
        {
            Scene scene = _sampler.At(i);
            RenderedScene image = _renderer.Render(scene);
            for (byte number = 0; number < scene.Objects.Count; number++)
            {
                int seen = image.Objects.Count(o => o == number);
                Assert.True(seen >= 60, $"{scene.Caption}: {scene.Objects[number].Word} has {seen} pixels");
            }
        }
    }

    [SkippableTheory]
    [InlineData(SceneKind.In)]
    [InlineData(SceneKind.On)]
    public void What_is_in_or_on_another_is_about_as_large_as_the_other_so_that_both_can_be_named(SceneKind kind)
    {
        Scene[] scenes = [.. Enumerable.Range(0, 300).Select(i => _sampler.At((ulong)i, kind))];

        Assert.InRange(scenes.Average(scene => Seen(scene, 0)) / scenes.Average(scene => Seen(scene, 1)), 0.6, 1.6);
        Assert.All(scenes, scene => Assert.InRange(Seen(scene, 1), 60, 4096));

        int Seen(Scene scene, byte number) => _renderer.Render(scene).Objects.Count(seen => seen == number);
    }

    [SkippableFact]
    public void Pixels_are_in_0_to_1()
    {
        for (ulong i = 0; i < 200; i++)
        {
            Assert.All(_renderer.Render(_sampler.At(i)).Pixels, value => Assert.InRange(value, 0, 1.0001f));
        }
    }

    [SkippableFact]
    public void A_colored_thing_is_nearer_to_its_color_than_to_any_other()
    {
        Dictionary<string, Rgb> colors = _art.Lexicon.Words("color").ToDictionary(color => color.Text, color => color.Rgb!.Value);
        for (ulong i = 0; i < 2000; i++)
        {
            Scene scene = _sampler.At(i, SceneKind.Colored);
            RenderedScene image = _renderer.Render(scene);
            int[] inside = [.. Enumerable.Range(0, 4096).Where(p => image.Objects[p] == 0)];
            float[] mean = [.. Enumerable.Range(0, 3).Select(c => inside.Average(p => image.Pixels[(c * 4096) + p]) * 255)];
            string nearest = colors.MinBy(color => Distance(color.Value, mean)).Key;
            Assert.True(nearest == scene.Objects[0].Color, $"{scene.Caption} looks {nearest}");
        }

        static double Distance(Rgb color, float[] mean) =>
            Math.Pow(color.Red - mean[0], 2) + Math.Pow(color.Green - mean[1], 2) + Math.Pow(color.Blue - mean[2], 2);
    }
}
