using System.Text.Json.Nodes;
using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld.Recognition;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// Trains <c>mini-recognizer</c> on drawn scenes, a part of them spoilt (<see cref="Damage"/>); and, a second time, on what observers
/// saw in what generators made of captions (<see cref="GeneratedScenes"/>) as well.
/// </summary>
internal static class RecognizerTraining
{
    private const int MeasuredScenes = 512;

    // What is drawn is known for certain; the eye is not.
    private const double SeenWeight = 0.25;

    public static void Run(TrainingOptions options, World world)
    {
        RecognizerConfig config = new(
            [.. world.Lexicon.Group("thing").Concat(world.Lexicon.Group("animal")).Concat(world.Lexicon.Group("person"))],
            [.. world.Lexicon.Group("color")],
            Width: 128);
        RecognizerNetwork network = new(config, new Placement(options.DType, CPU));
        InitialValues.Set(network, (long)options.Seed);
        if (options.FromModels)
        {
            ModelPart.Load(network, Path.Combine(options.Models, "mini-recognizer"));
        }

        using Recognizer recognizer = new(network, config, world.Lexicon);
        switch (options)
        {
            case { Generated: null }:
                RunOnDrawn(options, world, network, recognizer, config);
                break;
            case { FromModels: false }:
                throw new BadInputException("--generated needs --from-models: a recognizer that already names things");
            default:
                RunOnSeen(options, world, network, recognizer, config);
                break;
        }
    }

    private static void RunOnDrawn(
        TrainingOptions options, World world, RecognizerNetwork network, Recognizer recognizer, RecognizerConfig config)
    {
        using TrainingLoop loop = new("recognizer", network, options, [], "worst_question", "all_questions");
        SceneBatch measured = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(2), MeasuredScenes);
        using SceneStream stream = new(world.Renderer, world.TrainingSampler(options.Seed + 1), options, loop.Done);
        loop.Run(Loss, () => Accuracy(recognizer, measured, world, loop));
        Save(loop, options, network, config);

        Tensor Loss(long step, Generator generator)
        {
            SceneBatch scenes = stream.Next();
            (Tensor pixels, CellLabels labels) = Damage.Apply(scenes.Pixels, CellLabels.Of(scenes.Scenes, config), generator);
            return CellLoss(network.forward(pixels.to(options.DType)), labels);
        }
    }

    private static void RunOnSeen(
        TrainingOptions options, World world, RecognizerNetwork network, Recognizer recognizer, RecognizerConfig config)
    {
        GeneratedScenes generated = GeneratedScenes.Read(options.Generated!, world.Lexicon);
        string[] thresholdOn = ThresholdOn(options, [.. generated.HeldOut.Select(image => image.Model).Distinct()]);
        using TrainingLoop loop = new(
            "recognizer-seen", network, options, [], "worst_question", "all_questions", "threshold", "yes_right", "shown_found");
        SceneBatch measured = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(2), MeasuredScenes);
        TrainingOptions half = options with { Batch = options.Batch / 2 };
        using SceneStream stream = new(world.Renderer, world.EvenSampler(options.Seed + 1), half, loop.Done);
        StatementLoss statementLoss = new(config);
        loop.Run(Loss, Measure);
        Save(loop, options, network, config with { Threshold = Threshold(SightAgreement.Of(recognizer, generated)) });

        Tensor Loss(long step, Generator generator)
        {
            SceneBatch scenes = stream.Next();
            (Tensor pixels, CellLabels labels) = Damage.Apply(scenes.Pixels, CellLabels.Of(scenes.Scenes, config), generator);
            (Tensor made, IReadOnlyList<Statement> seen) = generated.Draw(options.Batch - half.Batch, generator);
            CellLogits logits = network.forward(cat([pixels, made]).to(options.DType));
            CellLogits drawn = logits.Narrow(0, half.Batch);
            return CellLoss(drawn, labels)
                .Plus(statementLoss.Of(drawn, DrawnStatements(scenes, world, (ulong)step)))
                .PlusScaled(statementLoss.Of(logits.Narrow(half.Batch, options.Batch - half.Batch), seen), SeenWeight);
        }

        // Drawn scenes are asked at the threshold that generated ones set: both are to be right at the same.
        double[] Measure()
        {
            ILookup<string, (bool Shown, double Score)> images = SightAgreement.Of(recognizer, generated);
            double threshold = Threshold(images);
            SightAgreement all = SightAgreement.At(threshold, [.. thresholdOn.SelectMany(model => images[model])]);
            Recognizer atThreshold = new(network, config with { Threshold = threshold }, world.Lexicon);
            return [.. Accuracy(atThreshold, measured, world, loop), threshold, all.RightShare, all.FoundShare];
        }

        double Threshold(ILookup<string, (bool Shown, double Score)> images)
            => SightAgreement.Threshold([.. thresholdOn.Select(model => images[model].ToList())]);
    }

    private static string[] ThresholdOn(TrainingOptions options, string[] models)
        => options.ThresholdOn.FirstOrDefault(name => !models.Contains(name)) is { } missing
            ? throw new BadInputException($"--threshold-on {missing}: {options.Generated} has images of {string.Join(", ", models)}")
            : options.ThresholdOn is [] ? models : [.. options.ThresholdOn];

    // What shows nothing that has a name any more has the answer no.
    private static Statement[] DrawnStatements(SceneBatch scenes, World world, ulong step)
    {
        SplitMix64 random = new(step);
        int named = Damage.Named(scenes.Scenes.Count);
        return
        [
            .. scenes.Scenes.SelectMany((drawn, i) => SceneQuestions.About(drawn.Scene, world.Lexicon, random)
                .Select(asked => new Statement(i, asked.Question, asked.Truth && i < named))),
        ];
    }

    private static Tensor CellLoss(CellLogits logits, CellLabels labels)
    {
        return Entropy(logits.Things, labels.Things).Plus(Entropy(logits.Colors, labels.Colors))
            .Plus(Entropy(logits.Relations, labels.Relations));

        static Tensor Entropy(Tensor logits, Tensor labels)
            => nn.functional.cross_entropy(logits.to(ScalarType.Float32), labels, ignore_index: CellLabels.Undecided);
    }

    private static double[] Accuracy(Recognizer recognizer, SceneBatch measured, World world, TrainingLoop loop)
    {
        IReadOnlyList<QuestionAccuracy> accuracy = QuestionAccuracy.Measure(recognizer, measured.Scenes, measured.Pixels, world.Lexicon);
        File.WriteAllLines(
            loop.PathOf("questions.csv"),
            ["question,right,asked", .. accuracy.Select(a => $"{a.Question},{a.Right},{a.Asked}")]);
        return [accuracy.Min(a => a.Share), accuracy.Sum(a => (double)a.Right) / accuracy.Sum(a => a.Asked)];
    }

    private static void Save(TrainingLoop loop, TrainingOptions options, RecognizerNetwork network, RecognizerConfig config)
    {
        string folder = Path.Combine(options.Models, "mini-recognizer");
        ModelPart.Save(network, JsonNode.Parse(config.ToJson().GetRawText())!, folder, "model");
        loop.Publish(folder);
    }
}
