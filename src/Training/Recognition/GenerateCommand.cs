using System.CommandLine;
using DiffusionLens;
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
    private const int Portion = 64, MostScenes = 1_000_000;

    public static Command Create()
    {
        ModelOptions model = new();
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<int> count = new("--count") { Description = "How many images", DefaultValueFactory = _ => 6_400 };
        Option<ulong> seed = new("--seed") { Description = "Of captions and noise", DefaultValueFactory = _ => 1 };
        Option<bool> lastLayer = new("--last-layer") { Description = "All images from the last layer, none from others" };
        Option<PairRule> pairs = new("--pairs")
        {
            Description = "Whether the captions have the pairs of words that no training of a model has",
            DefaultValueFactory = _ => PairRule.Any,
        };
        Option<string?> naming = new("--naming") { Description = "Only captions with a word of this group", HelpName = "GROUP" };
        Option<string> file = new("--out") { Description = "The file, .safetensors", Required = true };
        Command command = new("generate", "Images by a model, to train the recognizer on: half from the last layer, half from others")
        {
            lexicon, count, seed, lastLayer, pairs, naming, file,
        };
        model.AddTo(command);
        command.SetAction(line =>
        {
            string path = line.GetRequiredValue(file);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            Lexicon words = Lexicon.Load(line.GetRequiredValue(lexicon));
            SceneSampler sampler = new(words, line.GetValue(pairs), line.GetValue(seed));
            ulong[] numbers = NumbersOf(sampler, words, line.GetValue(naming), line.GetValue(count));
            using TextToImageModel loaded = model.Load(line);
            SceneImages images = new(loaded, model.Sampler(line, loaded));
            using DisposeScope scope = NewDisposeScope();
            List<Tensor> portions = [];
            List<bool> ofLastLayer = [];
            foreach (ulong[] some in numbers.Chunk(Portion))
            {
                int portion = portions.Count;
                int layer = LayerOf(portion, images.LastLayer, line.GetValue(lastLayer));
                portions.Add(Draw(images, [.. some.Select(sampler.At)], portion, layer));
                ofLastLayer.AddRange(Enumerable.Repeat(layer == images.LastLayer, some.Length));
                Console.WriteLine($"{ofLastLayer.Count} of {numbers.Length}");
            }

            new GeneratedImages(
                cat(portions),
                tensor(ofLastLayer.ToArray()),
                tensor(numbers.Select(number => (long)number).ToArray()),
                line.GetValue(pairs),
                line.GetValue(seed)).Write(path);
        });
        return command;
    }

    /// <summary>The numbers of the first scenes that have a word of a group, or of the first of all.</summary>
    /// <exception cref="BadInputException">Among very many scenes there are not so many.</exception>
    public static ulong[] NumbersOf(SceneSampler sampler, Lexicon lexicon, string? group, int count)
    {
        HashSet<string>? named = group is null ? null : [.. lexicon.Group(group)];
        ulong[] numbers = [.. Enumerable.Range(0, MostScenes)
            .Select(i => (ulong)i)
            .Where(i => named is null || sampler.At(i).Objects.Any(o => named.Contains(o.Word)))
            .Take(count)];
        return numbers.Length == count
            ? numbers
            : throw new BadInputException(
                $"--naming '{group}': {numbers.Length} of the first {MostScenes} captions have such a word, not {count}");
    }

    /// <summary>Every other portion is the last layer's, the others take their turns.</summary>
    public static int LayerOf(int portion, int lastLayer, bool lastAlone)
        => lastAlone || portion % 2 == 0 ? lastLayer : 1 + (portion / 2 % (lastLayer - 1));

    // One seed of noise a portion, for all its captions.
    private static Tensor Draw(SceneImages images, Scene[] scenes, int portion, int layer)
    {
        using DisposeScope scope = NewDisposeScope();
        return images.Draw(scenes, [(ulong)portion], layer).Times(255).round().to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
