using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Matching;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>
/// Draws the same prompts from the same noise at every checkpoint, and has the recognizer count, and drawings measure, what came out.
/// </summary>
internal sealed class SampleSheet
{
    private const int Prompts = 96, Scenes = 48, Shown = 12, ShownScenes = 24;
    private const ulong SceneSeed = 4;

    private readonly World _world;
    private readonly SceneMatch _match;
    private readonly string _recognizerFolder;
    private readonly (string Prompt, Question Question)[] _things, _colored;
    private readonly Scene[] _scenes;

    public SampleSheet(World world, string recognizerFolder)
    {
        _world = world;
        _match = new SceneMatch(world.Renderer);
        _recognizerFolder = recognizerFolder;
        IReadOnlyList<LexiconWord> things = world.Lexicon.Words("thing"), objects = world.Lexicon.Words("object");
        IReadOnlyList<LexiconWord> colors = world.Lexicon.Words("color");
        _things = [.. Enumerable.Range(0, Prompts).Select(i => things[i * 7 % things.Count])
            .Select(word => ($"{word.Article} {word.Text}", (Question)new Question.ThingPresent(word.Text)))];
        _colored = [.. Enumerable.Range(0, Prompts).Select(i => (Color: colors[i % colors.Count], Thing: objects[i * 5 % objects.Count]))
            .Select(pair => (
                $"{pair.Color.Article} {pair.Color.Text} {pair.Thing.Text}",
                (Question)new Question.ThingInColor(pair.Thing.Text, pair.Color.Text)))];
        SceneSampler sampler = world.MeasuringSampler(SceneSeed);
        _scenes = [.. Enumerable.Range(0, Scenes).Select(i => sampler.At((ulong)i, i % 2 == 0 ? SceneKind.In : SceneKind.On))];
    }

    /// <summary>Names of what <see cref="Measure"/> gives.</summary>
    public static string[] Measures => ["thing_present", "thing_in_color", "like_drawing"];

    /// <summary>
    /// The share of single things that are there, and of colored things that are there in their color; and how much things in and on
    /// others look like their drawings, on average.
    /// </summary>
    /// <param name="draw">Makes a picture of each caption, <c>[captions, 3, 64, 64]</c>, 0..1.</param>
    /// <param name="png">Where some of them are shown.</param>
    public double[] Measure(Func<IReadOnlyList<string>, Tensor> draw, string png)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor things = draw([.. _things.Select(pair => pair.Prompt)]), colored = draw([.. _colored.Select(pair => pair.Prompt)]);
        Tensor scenes = draw([.. _scenes.Select(drawn => drawn.Caption)]);
        ImageSheet.Save(cat([things[..Shown], colored[..Shown], scenes[..ShownScenes]]), 12, png);
        using Recognizer recognizer = Recognizer.Load(_recognizerFolder, _world.Lexicon);
        return [Share(recognizer, things, _things), Share(recognizer, colored, _colored), Likeness(scenes)];
    }

    private static double Share(Recognizer recognizer, Tensor images, (string Prompt, Question Question)[] asked)
    {
        Recognizer.SeenImages seen = recognizer.Look(images);
        return asked.Select((pair, i) => seen.Shows(i, pair.Question) ? 1.0 : 0).Average();
    }

    private double Likeness(Tensor images) => ImageSheet.Values(images)
        .Zip(_scenes, (image, scene) => _match.Find(scene, image)[0].Score).Average();
}
