using Lens.Denoisers;
using Lens.Runtime;
using Lens.Schedulers;
using MiniWorld;
using MiniWorld.Recognition;
using TorchSharp;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Denoiser;

/// <summary>Draws the same prompts from the same noise at every checkpoint, and has the recogniser count what came out.</summary>
internal sealed class SampleSheet
{
    private const int Prompts = 96, Shown = 24, Steps = 12;
    private const double Guidance = 4;

    private readonly Lexicon _lexicon;
    private readonly string _recogniserFolder;
    private readonly (string Prompt, Question Question)[] _things, _colored;

    public SampleSheet(Lexicon lexicon, string recogniserFolder)
    {
        _lexicon = lexicon;
        _recogniserFolder = recogniserFolder;
        IReadOnlyList<LexiconWord> things = lexicon.Words("thing"), objects = lexicon.Words("object"), colors = lexicon.Words("color");
        _things = [.. Enumerable.Range(0, Prompts).Select(i => things[i * 7 % things.Count])
            .Select(word => ($"{word.Article} {word.Text}", (Question)new Question.ThingPresent(word.Text)))];
        _colored = [.. Enumerable.Range(0, Prompts).Select(i => (Color: colors[i % colors.Count], Thing: objects[i * 5 % objects.Count]))
            .Select(pair => ($"{pair.Color.Article} {pair.Color.Text} {pair.Thing.Text}", (Question)new Question.ThingInColor(pair.Thing.Text, pair.Color.Text)))];
    }

    /// <summary>The share of single things that are there, and of coloured things that are there in their colour.</summary>
    public double[] Measure(UNet2DConditionModel network, FrozenParts parts, SchedulerConfig schedule, string sheet)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor things = Draw(network, parts, schedule, _things), colored = Draw(network, parts, schedule, _colored);
        PictureSheet.Save(cat([things[..Shown], colored[..Shown]]), 12, sheet);
        using Recogniser recogniser = Recogniser.Load(_recogniserFolder, _lexicon);
        return [Share(recogniser, things, _things), Share(recogniser, colored, _colored)];
    }

    private static Tensor Draw(UNet2DConditionModel network, FrozenParts parts, SchedulerConfig schedule, (string Prompt, Question Question)[] asked)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(11, CPU);
        ScalarType dtype = parts.Placement.DType;
        CrossAttentionStates text = network.ProjectText(parts.States([.. Enumerable.Repeat("", asked.Length), .. asked.Select(pair => pair.Prompt)]));
        using Scheduler scheduler = Scheduler.Create(Scheduler.DefaultName, schedule, Steps);
        Tensor sample = randn([asked.Length, network.Config.InChannels, 8, 8], generator: generator).Times(scheduler.InitNoiseSigma);
        for (int call = 0; call < scheduler.Timesteps.Count; call++)
        {
            using DisposeScope step = NewDisposeScope();
            Tensor input = scheduler.ScaleModelInput(sample, call).to(dtype);
            Tensor[] both = network.forward(cat([input, input]), tensor(scheduler.Timesteps[call]), text).to(ScalarType.Float32).chunk(2);
            sample = scheduler.Step(both[0].lerp(both[1], tensor((float)Guidance)), call, sample).MoveToOuterDisposeScope();
        }

        return parts.Pixels(sample).MoveToOuterDisposeScope();
    }

    private static double Share(Recogniser recogniser, Tensor pictures, (string Prompt, Question Question)[] asked)
    {
        Recogniser.SeenPictures seen = recogniser.Look(pictures);
        return asked.Select((pair, i) => seen.Score(i, pair.Question) > Recogniser.Threshold ? 1.0 : 0).Average();
    }
}
