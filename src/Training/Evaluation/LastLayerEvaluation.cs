using DiffusionLens;
using DiffusionLens.Pipelines;
using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>How often the images from the last layer show what their prompt says, by the recognizer.</summary>
/// <param name="recognizer">Who looks.</param>
/// <param name="seeds">Images of each prompt.</param>
/// <param name="sampler">How images are made.</param>
internal sealed class LastLayerEvaluation(
    TextToImageModel model, Recognizer recognizer, Lexicon lexicon, int seeds, SamplerSettings sampler)
{
    private const ulong SceneSeed = ulong.MaxValue - 99;
    private const int SheetPrompts = 100, SheetColumns = 20;

    private static readonly SceneKind[] Paired = [SceneKind.Colored, SceneKind.TwoColored, SceneKind.In, SceneKind.On];

    private readonly Lens _lens = new(model);

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
        Recognizer.SeenImages seen = recognizer.Look(Draw(scenes, [0], layer: 0));
        int no = Enumerable.Range(0, prompts).Sum(i => questions.Count(question => seen.Score(i, question) <= Recognizer.Threshold));
        return new("every question, on layer 0", no, prompts * questions.Count);
    }

    /// <summary>One image each of a hundred prompts drawn as for the training, to count by eye, with what the recognizer says.</summary>
    /// <param name="png">The images, in rows; a CSV of the same name has their captions and the recognizer's verdicts.</param>
    public void DrawSheet(string png)
    {
        using DisposeScope scope = NewDisposeScope();
        SceneSampler sampler = new(lexicon, PairRule.Any, SceneSeed - 1);
        Scene[] scenes = [.. Enumerable.Range(0, SheetPrompts).Select(i => sampler.At((ulong)i))];
        Tensor images = cat([.. scenes.Select((scene, i) => Draw([scene], [(ulong)i], model.LayerCount))], 0);
        ImageSheet.Save(images, SheetColumns, png);
        Recognizer.SeenImages seen = recognizer.Look(images);
        File.WriteAllLines(
            Path.ChangeExtension(png, ".csv"),
            ["row,column,caption,right_by_recognizer", .. scenes.Select((scene, i) =>
                $"{(i / SheetColumns) + 1},{(i % SheetColumns) + 1},{scene.Caption},{(IsRight(seen, i, scene) ? "yes" : "no")}")]);
    }

    // The barest caption that says it, as a spec's template would.
    private static Scene Prompt(SceneKind kind, IReadOnlyList<SceneObject> objects)
        => new(Captions.Bare(kind, objects), kind, objects, Look: 0);

    private EvaluationRow Count(string row, IEnumerable<Scene> scenes)
    {
        using DisposeScope scope = NewDisposeScope();
        Scene[] drawn = [.. scenes];
        Recognizer.SeenImages seen = recognizer.Look(
            Draw(drawn, [.. Enumerable.Range(0, seeds).Select(seed => (ulong)seed)], model.LayerCount));
        int right = Enumerable.Range(0, drawn.Length * seeds).Count(image => IsRight(seen, image, drawn[image / seeds]));
        return new(row, right, drawn.Length * seeds);
    }

    // All seeds of the first scene's caption, then of the next; a cascade takes them all through one stage before the next is loaded.
    private Tensor Draw(Scene[] scenes, ulong[] seedNumbers, int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<PromptEncoding> encodings = _lens.Encode([.. scenes.Select(scene => scene.Caption)]);
        IEnumerable<PromptBatch> batches =
            from encoding in encodings
            from batch in _lens.Batches(encoding.Prompt, [new LensSite(layer)], seedNumbers, sampler)
            select new PromptBatch(encoding, batch);
        Tensor images = stack([.. _lens.Images([.. batches], sampler).Select(image => image.Pixels)]);
        foreach (PromptEncoding encoding in encodings)
        {
            encoding.Dispose();
        }

        return images.MoveToOuterDisposeScope();
    }

    private static bool IsRight(Recognizer.SeenImages seen, int image, Scene scene)
        => scene.Statements().All(question => seen.Score(image, question) > Recognizer.Threshold);
}
