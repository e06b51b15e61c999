using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Matching;
using Training.Rendering;
using Training.Tests.Rendering;
using static TorchSharp.torch;

namespace Training.Tests.Matching;

public class SceneMatchTests
{
    private const int EachKind = 8;

    private readonly SceneSampler _sampler;
    private readonly SceneRenderer _renderer;
    private readonly SceneMatch _match;

    public SceneMatchTests()
    {
        EmojiArt art = InstalledArt.Load();
        _sampler = new SceneSampler(art.Lexicon, PairRule.Any, 5);
        _renderer = new SceneRenderer(art);
        _match = new SceneMatch(_renderer);
    }

    [SkippableTheory]
    [InlineData(SceneKind.Thing)]
    [InlineData(SceneKind.Colored)]
    [InlineData(SceneKind.TwoColored)]
    [InlineData(SceneKind.In)]
    [InlineData(SceneKind.On)]
    [InlineData(SceneKind.Animal)]
    [InlineData(SceneKind.Person)]
    public void What_is_drawn_is_found_where_it_is(SceneKind kind)
    {
        foreach (Scene scene in Scenes(kind))
        {
            RenderedScene image = _renderer.Render(scene);
            IReadOnlyList<FoundObject> found = _match.Find(scene, image.Pixels);
            for (int number = 0; number < found.Count; number++)
            {
                Assert.True(found[number].Score > 0.9, $"{scene.Caption}: {scene.Objects[number].Word} {found[number].Score:F3}");
                double covered = found[number].Pixels.Count(pixel => image.Objects[pixel] == number) / (double)found[number].Pixels.Length;
                Assert.True(covered > 0.8, $"{scene.Caption}: {scene.Objects[number].Word} covers {covered:P0}");
            }
        }
    }

    [SkippableFact]
    public void Another_thing_in_the_same_color_is_not_taken_for_it()
    {
        Scene[] scenes = [.. Scenes(SceneKind.Colored)];
        foreach ((Scene asked, Scene shown) in scenes.Zip(scenes.Skip(1)))
        {
            Scene inTheColorAsked = shown with { Objects = [shown.Objects[0] with { Color = asked.Objects[0].Color }] };
            double score = _match.Find(asked, _renderer.Render(inTheColorAsked).Pixels)[0].Score;
            Assert.True(score < 0.72, $"{asked.Caption} in {inTheColorAsked.Objects[0].Word}: {score:F3}");
        }
    }

    [SkippableFact]
    public void A_blotch_of_the_right_colors_in_the_right_place_is_less_like_it_than_a_soft_image()
    {
        foreach (Scene scene in Scenes(SceneKind.Animal))
        {
            float[] image = _renderer.Render(scene).Pixels;
            double soft = Score(scene, image, 2), blotch = Score(scene, image, 16);
            Assert.True(soft > 0.8 && blotch < soft - 0.2, $"{scene.Caption}: soft {soft:F3}, blotch {blotch:F3}");
        }

        double Score(Scene scene, float[] image, int size)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor coarse = nn.functional.avg_pool2d(tensor(image, [1, 3, 64, 64]), size);
            Tensor spoilt = nn.functional.interpolate(coarse, size: [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);
            return _match.Find(scene, spoilt.data<float>().ToArray())[0].Score;
        }
    }

    private IEnumerable<Scene> Scenes(SceneKind kind) => Enumerable.Range(0, EachKind).Select(i => _sampler.At((ulong)i, kind));
}
