using Lens;
using Lens.Pipelines;
using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>How often the pictures from the last layer show what their prompt says, by the recogniser.</summary>
internal static class LastLayerEvaluation
{
    private const int ShownPictures = 96, FirstSeed = 1_000;
    private const double Guidance = 4;

    private static readonly SceneKind[] Kinds = [SceneKind.Thing, SceneKind.Colored, SceneKind.TwoColored, SceneKind.In, SceneKind.On, SceneKind.Animal, SceneKind.Person];

    /// <summary>A row for each kind of prompt: right pictures, and how many were made.</summary>
    public static IEnumerable<(string Row, int Right, int Asked)> Run(
        TextToImageModel model, Recogniser recogniser, Lexicon lexicon, int prompts, int seeds, string sheet)
    {
        DiffusionLens lens = new(model);
        List<(string Row, int Right, int Asked)> rows = [];
        List<Tensor> shown = [];
        foreach (SceneKind kind in Kinds)
        {
            SceneSampler sampler = new(lexicon, PairRule.Any, ulong.MaxValue - 99);
            int right = 0;
            for (int i = 0; i < prompts; i++)
            {
                Scene scene = sampler.At((ulong)i, kind);
                using DisposeScope scope = NewDisposeScope();
                using LensEncoding encoding = lens.Encode(scene.Caption);
                IReadOnlyList<LensImage> images = lens.Images(
                    encoding,
                    [new LensSite(model.LayerCount)],
                    [.. Enumerable.Range(FirstSeed + (i * seeds), seeds).Select(seed => (long)seed)],
                    new SamplerSettings { Guidance = Guidance });
                Recogniser.SeenPictures seen = recogniser.Look(stack([.. images.Select(image => image.Pixels)]));
                right += Enumerable.Range(0, seeds).Count(s => All(scene).All(question => seen.Score(s, question) > Recogniser.Threshold));
                if (i < ShownPictures / Kinds.Length)
                {
                    shown.Add(images[0].Pixels.clone().DetachFromDisposeScope());
                }
            }

            rows.Add((kind.Name(), right, prompts * seeds));
        }

        PictureSheet.Save(stack(shown), ShownPictures / Kinds.Length, sheet);
        return rows;
    }

    /// <summary>All that a picture of the scene must show.</summary>
    private static IEnumerable<Question> All(Scene scene)
    {
        foreach (SceneObject o in scene.Objects)
        {
            yield return o.Color is { } color ? new Question.ThingInColor(o.Word, color) : new Question.ThingPresent(o.Word);
        }

        if (scene.Objects is [{ Relation: { } relation } first, var second])
        {
            yield return new Question.Related(first.Word, relation, second.Word);
        }
    }
}
