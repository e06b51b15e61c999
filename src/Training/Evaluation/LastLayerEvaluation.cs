using System.Globalization;
using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Matching;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>How often the images from the last layer show what their prompt says, by the recognizer.</summary>
/// <param name="images">Who draws.</param>
/// <param name="recognizer">Who looks.</param>
/// <param name="seeds">Images of each prompt.</param>
internal sealed class LastLayerEvaluation(SceneImages images, Recognizer recognizer, Lexicon lexicon, int seeds)
{
    /// <summary>Images a row of a sheet.</summary>
    public const int SheetColumns = 20;

    private const ulong SceneSeed = ulong.MaxValue - 99;
    private const int SheetPrompts = 100;
    private const string Header = "row,column,caption,right_by_recognizer,like_drawing,like_drawing_through_autoencoder";

    private static readonly SceneKind[] Paired = [SceneKind.Colored, SceneKind.TwoColored, SceneKind.In, SceneKind.On];

    /// <summary>
    /// A row for each kind of prompt: right images, and how many were made. Of kinds that name one word every word is drawn, of
    /// those that pair words so many prompts with pairs that the training had and as many with pairs that it never had.
    /// </summary>
    public IEnumerable<EvaluationRow> Run(int prompts)
    {
        foreach ((string group, SceneKind kind) in ((string, SceneKind)[])
            [
                ("thing", SceneKind.Thing),
                ("familiar animal", SceneKind.Animal),
                ("unfamiliar animal", SceneKind.Animal),
                ("person", SceneKind.Person),
            ])
        {
            yield return Count(group, lexicon.Words(group).Select(word => Prompt(kind, [new SceneObject(word)])));
        }

        foreach (SceneKind kind in Paired)
        {
            foreach (PairRule pairs in (PairRule[])[PairRule.Seen, PairRule.HeldOut])
            {
                SceneSampler sampler = new(lexicon, pairs, SceneSeed);
                yield return Count(
                    $"{kind.Name()}, {(pairs == PairRule.Seen ? "seen" : "held out")}",
                    Enumerable.Range(0, prompts).Select(i => Prompt(kind, sampler.At((ulong)i, kind).Objects)));
            }
        }
    }

    /// <summary>
    /// Every question about the images of the embeddings (layer 0), which show nothing that has a name: those answered no, and all.
    /// </summary>
    public EvaluationRow LayerZero(int prompts)
    {
        SceneSampler sampler = new(lexicon, PairRule.Any, SceneSeed - 2);
        IReadOnlyList<Question> questions = Questions.AllOf(lexicon);
        using DisposeScope scope = NewDisposeScope();
        Scene[] scenes = [.. Enumerable.Range(0, prompts).Select(i => sampler.At((ulong)i))];
        Recognizer.SeenImages seen = recognizer.Look(images.Draw(scenes, [0], layer: 0));
        int no = Enumerable.Range(0, prompts).Sum(i => questions.Count(question => !seen.Shows(i, question)));
        return new("every question, on layer 0", no, prompts * questions.Count);
    }

    /// <summary>The hundred scenes of a sheet, drawn as for the training.</summary>
    public static IEnumerable<Scene> SheetScenes(Lexicon lexicon)
    {
        SceneSampler sampler = new(lexicon, PairRule.Any, SceneSeed - 1);
        return Enumerable.Range(0, SheetPrompts).Select(i => sampler.At((ulong)i));
    }

    /// <summary>One image each of a hundred prompts drawn as for the training, to count by eye, with what the recognizer says.</summary>
    /// <param name="png">
    /// The images, in rows; a CSV of the same name has their captions, the recognizer's verdicts, and how much each object looks like
    /// its drawing, here and in what the autoencoder gives back of the drawn scene.
    /// </param>
    /// <param name="match">Who compares with drawings.</param>
    /// <param name="atBest">The drawn scenes through the autoencoder; null: the model has none.</param>
    public void DrawSheet(string png, SceneMatch match, float[][]? atBest)
    {
        using DisposeScope scope = NewDisposeScope();
        Scene[] scenes = [.. SheetScenes(lexicon)];
        Tensor pixels = cat([.. scenes.Select((scene, i) => images.Draw([scene], [(ulong)i], images.LastLayer))], 0);
        ImageSheet.Save(pixels, SheetColumns, png);
        Recognizer.SeenImages seen = recognizer.Look(pixels);
        float[][] values = ImageSheet.Values(pixels);
        File.WriteAllLines(
            Path.ChangeExtension(png, ".csv"),
            [Header, .. scenes.Select((scene, i) => string.Join(
                ',',
                (i / SheetColumns) + 1,
                (i % SheetColumns) + 1,
                scene.Caption,
                IsRight(seen, i, scene) ? "yes" : "no",
                Likeness(scene, values[i]),
                atBest is null ? "" : Likeness(scene, atBest[i])))]);

        string Likeness(Scene scene, float[] image)
            => string.Join(' ', match.Find(scene, image).Select(found => found.Score.ToString("F3", CultureInfo.InvariantCulture)));
    }

    // The barest caption that says it, as a spec's template would.
    private static Scene Prompt(SceneKind kind, IReadOnlyList<SceneObject> objects)
        => new(Captions.Bare(kind, objects), kind, objects, Look: 0);

    private EvaluationRow Count(string row, IEnumerable<Scene> scenes)
    {
        using DisposeScope scope = NewDisposeScope();
        Scene[] drawn = [.. scenes];
        Recognizer.SeenImages seen = recognizer.Look(
            images.Draw(drawn, [.. Enumerable.Range(0, seeds).Select(seed => (ulong)seed)], images.LastLayer));
        int right = Enumerable.Range(0, drawn.Length * seeds).Count(image => IsRight(seen, image, drawn[image / seeds]));
        return new(row, right, drawn.Length * seeds);
    }

    private static bool IsRight(Recognizer.SeenImages seen, int image, Scene scene)
        => scene.Statements().All(question => seen.Shows(image, question));
}
