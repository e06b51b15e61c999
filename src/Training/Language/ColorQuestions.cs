using MiniWorld.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Training.Language;

/// <summary>
/// "a red car and a blue star . the star is ...": blue or red? Only who binds colors to things does better than one half.
/// </summary>
/// <param name="Asked">A question a row; its answer is the sentinel and the right color.</param>
/// <param name="Colors">First token of the right color, then of the other thing's, <c>[questions, 2]</c> int64.</param>
internal sealed record ColorQuestions(DocumentBatch Asked, Tensor Colors)
{
    // The decoder writes the sentinel first.
    private const int ColorPlace = 1;

    /// <param name="scenes">Where the captions come from.</param>
    /// <param name="count">How many.</param>
    public static ColorQuestions Of(DocumentTokens tokens, SceneSampler scenes, int count)
    {
        List<SpanCorruption> gaps = [];
        List<long> colors = [];
        for (int i = 0; i < count; i++)
        {
            Scene scene = scenes.At((ulong)i, SceneKind.TwoColored);
            SceneObject asked = scene.Objects[i % 2], other = scene.Objects[1 - (i % 2)];
            int[] question = tokens.Of($"{scene.Caption} . the {asked.Word} is"), answer = tokens.Of(asked.Color!);
            bool[] taken = [.. question.Select(_ => false), .. answer.Select(_ => true)];
            gaps.Add(SpanCorruption.Of([.. question, .. answer], taken, tokens.FirstSentinel, DocumentBatch.End));
            colors.AddRange([answer[0], tokens.Of(other.Color!)[0]]);
        }

        return new(DocumentBatch.Of(gaps), tensor([.. colors], [count, 2]));
    }

    /// <summary>The share of questions where the right color is the likelier one.</summary>
    public double Right(SpanModel model)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = model.Logits(Asked).select(1, ColorPlace).gather(1, Colors);
        return logits.select(1, 0).gt(logits.select(1, 1)).to(ScalarType.Float32).mean().ToDouble();
    }
}
