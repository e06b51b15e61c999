using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>Draws the same prompts from the same noise at every checkpoint, and has the recognizer count what came out.</summary>
internal sealed class SampleSheet
{
    private const int Prompts = 96, Shown = 24;

    private readonly Lexicon _lexicon;
    private readonly string _recognizerFolder;
    private readonly (string Prompt, Question Question)[] _things, _colored;

    public SampleSheet(Lexicon lexicon, string recognizerFolder)
    {
        _lexicon = lexicon;
        _recognizerFolder = recognizerFolder;
        IReadOnlyList<LexiconWord> things = lexicon.Words("thing"), objects = lexicon.Words("object"), colors = lexicon.Words("color");
        _things = [.. Enumerable.Range(0, Prompts).Select(i => things[i * 7 % things.Count])
            .Select(word => ($"{word.Article} {word.Text}", (Question)new Question.ThingPresent(word.Text)))];
        _colored = [.. Enumerable.Range(0, Prompts).Select(i => (Color: colors[i % colors.Count], Thing: objects[i * 5 % objects.Count]))
            .Select(pair => (
                $"{pair.Color.Article} {pair.Color.Text} {pair.Thing.Text}",
                (Question)new Question.ThingInColor(pair.Thing.Text, pair.Color.Text)))];
    }

    /// <summary>The share of single things that are there, and of colored things that are there in their color.</summary>
    /// <param name="draw">Makes a picture of each caption, <c>[captions, 3, 64, 64]</c>, 0..1.</param>
    /// <param name="png">Where some of them are shown.</param>
    public double[] Measure(Func<IReadOnlyList<string>, Tensor> draw, string png)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor things = draw([.. _things.Select(pair => pair.Prompt)]), colored = draw([.. _colored.Select(pair => pair.Prompt)]);
        ImageSheet.Save(cat([things[..Shown], colored[..Shown]]), 12, png);
        using Recognizer recognizer = Recognizer.Load(_recognizerFolder, _lexicon);
        return [Share(recognizer, things, _things), Share(recognizer, colored, _colored)];
    }

    private static double Share(Recognizer recognizer, Tensor images, (string Prompt, Question Question)[] asked)
    {
        Recognizer.SeenImages seen = recognizer.Look(images);
        return asked.Select((pair, i) => seen.Score(i, pair.Question) > Recognizer.Threshold ? 1.0 : 0).Average();
    }
}
