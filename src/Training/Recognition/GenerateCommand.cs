using System.CommandLine;
using DiffusionLens.Pipelines;
using DiffusionLens.Runtime;
using MiniWorld;
using MiniWorld.Scenes;
using TorchSharp;
using Training.Evaluation;
using static TorchSharp.torch;

namespace Training.Recognition;

/// <summary>
/// <c>generate</c>: what a model makes of captions, half-made things of early layers among them, for the recognizer to learn from.
/// </summary>
internal static class GenerateCommand
{
    private const int Portion = 64;

    public static Command Create()
    {
        ModelOptions model = new();
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<int> count = new("--count") { Description = "How many images", DefaultValueFactory = _ => 6_400 };
        Option<ulong> seed = new("--seed") { Description = "Of captions and noise", DefaultValueFactory = _ => 1 };
        Option<string> file = new("--out") { Description = "The file, .safetensors", Required = true };
        Command command = new("generate", "Images by a model, to train the recognizer on: half from the last layer, half from others")
        {
            lexicon, count, seed, file,
        };
        model.AddTo(command);
        command.SetAction(line =>
        {
            string path = line.GetRequiredValue(file);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using TextToImageModel loaded = model.Load(line);
            SceneImages images = new(loaded, model.Sampler(line, loaded));
            ulong scenes = line.GetValue(seed);
            SceneSampler sampler = GeneratedImages.Scenes(Lexicon.Load(line.GetRequiredValue(lexicon)), scenes);
            using DisposeScope scope = NewDisposeScope();
            List<Tensor> portions = [];
            for (int first = 0; first < line.GetValue(count); first += Portion)
            {
                int size = Math.Min(Portion, line.GetValue(count) - first);
                portions.Add(Draw(images, [.. Enumerable.Range(first, size).Select(i => sampler.At((ulong)i))], first / Portion));
                Console.WriteLine($"{first + size} of {line.GetValue(count)}");
            }

            new GeneratedImages(cat(portions), scenes).Write(path);
        });
        return command;
    }

    // Every other portion is the last layer's, the others take their turns. One seed of noise a portion, for all its captions.
    private static Tensor Draw(SceneImages images, Scene[] scenes, int portion)
    {
        using DisposeScope scope = NewDisposeScope();
        int layer = portion % 2 == 0 ? images.LastLayer : 1 + (portion / 2 % (images.LastLayer - 1));
        return images.Draw(scenes, [(ulong)portion], layer).Times(255).round().to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
