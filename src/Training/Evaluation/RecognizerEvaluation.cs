using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Recognition;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Denoiser;
using Training.Recognition;
using Training.Rendering;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary>
/// How often the recognizer is right on scenes that it was not trained on: as drawn, through a model's autoencoder, and on noise.
/// </summary>
internal static class RecognizerEvaluation
{
    private const int Scenes = 2_000, NoiseImages = 200, Portion = 250;

    /// <summary>A row for each kind of question and kind of image: right answers, and how many were asked.</summary>
    /// <param name="recognizer">Who looks.</param>
    /// <param name="renderer">Who draws.</param>
    /// <param name="parts">Of the model whose autoencoder it is; null: its images go through none.</param>
    public static IEnumerable<EvaluationRow> Run(
        Recognizer recognizer, SceneRenderer renderer, Lexicon lexicon, FrozenParts? parts)
    {
        SceneSampler sampler = new(lexicon, PairRule.Any, ulong.MaxValue - 9);
        List<QuestionAccuracy> drawn = [], decoded = [];
        for (int first = 0; first < Scenes; first += Portion)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGradient = no_grad();
            (IReadOnlyList<DrawnScene> scenes, Tensor pixels) = SceneBatch.Draw(
                renderer, Enumerable.Range(first, Portion).Select(i => sampler.At((ulong)i)));
            drawn.AddRange(QuestionAccuracy.Measure(recognizer, scenes, pixels, lexicon));
            if (parts is not null)
            {
                decoded.AddRange(QuestionAccuracy.Measure(recognizer, scenes, parts.Pixels(parts.Targets(pixels)), lexicon));
            }
        }

        return [.. Summed("as drawn", drawn), .. Summed("through the autoencoder", decoded), OnNoise(recognizer, lexicon)];
    }

    private static IEnumerable<EvaluationRow> Summed(string images, IEnumerable<QuestionAccuracy> portions)
        => portions.GroupBy(portion => portion.Question).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new EvaluationRow(
                $"{group.Key}, {images}", group.Sum(portion => portion.Right), group.Sum(portion => portion.Asked)));

    /// <summary>Every question about every noisy image has the answer no.</summary>
    private static EvaluationRow OnNoise(Recognizer recognizer, Lexicon lexicon)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(17, CPU);
        Tensor noise = randn([NoiseImages, 3, 64, 64], generator: generator).Times(0.3).Plus(0.5).ClampTo(0, 1);
        Recognizer.SeenImages seen = recognizer.Look(noise);
        IReadOnlyList<Question> questions = Questions.AllOf(lexicon);
        int no = Enumerable.Range(0, NoiseImages).Sum(i => questions.Count(question => !seen.Shows(i, question)));
        return new("every question, on noise", no, NoiseImages * questions.Count);
    }
}
