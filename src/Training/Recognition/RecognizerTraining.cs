using System.Text.Json.Nodes;
using DiffusionLens;
using DiffusionLens.Runtime;
using MiniWorld.Recognition;
using Training.Optimization;
using Training.Runs;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// Trains <c>mini-recognizer</c> on drawn scenes, a part of them spoilt (<see cref="Damage"/>), and on what generators make of captions
/// (<see cref="GeneratedScenes"/>).
/// </summary>
internal static class RecognizerTraining
{
    private const int MeasuredScenes = 512;

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

        GeneratedScenes? generated = options switch
        {
            { Generated: null } => null,
            { FromModels: false } => throw new BadInputException("--generated needs --from-models: a recognizer that already names things"),
            _ => GeneratedScenes.Read(options.Generated, world, network, config),
        };
        TrainingOptions drawn = generated is null ? options : options with { Batch = options.Batch / 2 };
        using TrainingLoop loop = new("recognizer", network, options, [], "worst_question", "all_questions");
        using Recognizer recognizer = new(network, config, world.Lexicon);
        SceneBatch measured = SceneStream.Fixed(world.Renderer, world.MeasuringSampler(2), MeasuredScenes);
        using SceneStream stream = new(world.Renderer, world.TrainingSampler(options.Seed + 1), drawn, loop.Done);
        loop.Run((_, generator) => Loss(network, Batch(generator), options), () =>
        {
            IReadOnlyList<QuestionAccuracy> accuracy = QuestionAccuracy.Measure(
                recognizer, measured.Scenes, measured.Pixels, world.Lexicon);
            File.WriteAllLines(
                loop.PathOf("questions.csv"),
                ["question,right,asked", .. accuracy.Select(a => $"{a.Question},{a.Right},{a.Asked}")]);
            return [accuracy.Min(a => a.Share), accuracy.Sum(a => (double)a.Right) / accuracy.Sum(a => a.Asked)];
        });
        ModelPart.Save(network, JsonNode.Parse(config.ToJson().GetRawText())!, Path.Combine(options.Models, "mini-recognizer"), "model");
        loop.Publish(Path.Combine(options.Models, "mini-recognizer"));

        (Tensor Pixels, CellLabels Labels) Batch(Generator generator)
        {
            SceneBatch scenes = stream.Next();
            (Tensor pixels, CellLabels labels) = Damage.Apply(scenes.Pixels, CellLabels.Of(scenes.Scenes, config), generator);
            if (generated is null)
            {
                return (pixels, labels);
            }

            (Tensor made, CellLabels madeLabels) = generated.Draw(options.Batch - drawn.Batch, generator);
            return (cat([pixels, made]), labels.And(madeLabels));
        }
    }

    private static Tensor Loss(RecognizerNetwork network, (Tensor Pixels, CellLabels Labels) batch, TrainingOptions options)
    {
        (Tensor pixels, CellLabels labels) = batch;
        CellLogits logits = network.forward(pixels.to(options.DType));
        return Entropy(logits.Things, labels.Things).add(Entropy(logits.Colors, labels.Colors))
            .add(Entropy(logits.Relations, labels.Relations));

        static Tensor Entropy(Tensor logits, Tensor labels)
            => nn.functional.cross_entropy(logits.to(ScalarType.Float32), labels, ignore_index: CellLabels.Undecided);
    }
}
