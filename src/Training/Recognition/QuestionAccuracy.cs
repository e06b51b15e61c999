using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Recognition;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>How often the recognizer answers a kind of question right.</summary>
/// <param name="Right">Right answers.</param>
/// <param name="Asked">All answers; half of the questions asked have the answer no.</param>
internal sealed record QuestionAccuracy(string Question, int Right, int Asked)
{
    public double Share => (double)Right / Asked;

    /// <summary>Asks of every scene each kind of question once where the truth is yes, and once where it is no.</summary>
    public static IReadOnlyList<QuestionAccuracy> Measure(
        Recognizer recognizer, IReadOnlyList<DrawnScene> scenes, Tensor pixels, Lexicon lexicon)
    {
        Recognizer.SeenImages seen = recognizer.Look(pixels);
        SplitMix64 random = new(7);
        List<(string Kind, bool Right)> answers = [];
        for (int i = 0; i < scenes.Count; i++)
        {
            foreach ((Question question, bool truth) in SceneQuestions.About(scenes[i].Scene, lexicon, random))
            {
                answers.Add((question.GetType().Name, seen.Shows(i, question) == truth));
            }
        }

        return [.. answers.GroupBy(answer => answer.Kind).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new QuestionAccuracy(group.Key, group.Count(answer => answer.Right), group.Count()))];
    }
}
