using System.CommandLine;
using System.Globalization;
using DiffusionLens.Pipelines;
using MiniWorld;
using MiniWorld.Recognition;
using Training.Denoiser;
using Training.Matching;
using Training.Rendering;
using static TorchSharp.torch;

namespace Training.Evaluation;

/// <summary><c>evaluate</c>: the tables of the model cards, and a sheet of images to count by eye.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        ModelOptions model = new();
        Option<string?> art = ArtFolder.Option();
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<int> prompts = new("--prompts") { Description = "Prompts of each kind that pairs words", DefaultValueFactory = _ => 48 };
        Option<int> seeds = new("--seeds") { Description = "Images of each prompt", DefaultValueFactory = _ => 4 };
        Option<string> sheet = new("--sheet")
        {
            Description = "Where a sheet of a hundred images goes, to count by eye; beside it its scenes, drawn and autoencoded",
            DefaultValueFactory = _ => "checkpoints/evaluation.png",
        };
        Command command = new("evaluate", "Measure the recognizer on drawn scenes and a model's last layer by the recognizer")
        {
            art, lexicon, prompts, seeds, sheet,
        };
        model.AddTo(command);
        command.SetAction(line =>
        {
            string png = line.GetRequiredValue(sheet);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(png))!);
            Lexicon words = Lexicon.Load(line.GetRequiredValue(lexicon));
            using Recognizer recognizer = Recognizer.Load(Path.Combine(line.GetRequiredValue(model.Models), "mini-recognizer"), words);
            using TextToImageModel loaded = model.Load(line);
            LastLayerEvaluation lastLayer = new(
                new SceneImages(loaded, model.Sampler(line, loaded)), recognizer, words, line.GetValue(seeds));
            SceneRenderer renderer = new(EmojiArt.Load(line.GetValue(art) ?? ArtFolder.Find(), words));
            string folder = model.Folder(line);
            using FrozenParts? parts = Directory.Exists(Path.Combine(folder, "vae")) ? FrozenParts.Load(folder, ScalarType.Float32) : null;
            Print(
                "Question",
                [.. RecognizerEvaluation.Run(recognizer, renderer, words, parts), lastLayer.LayerZero(line.GetValue(prompts))]);
            Print("Prompts", lastLayer.Run(line.GetValue(prompts)));
            float[][]? atBest = DrawnSheet.Save(png, LastLayerEvaluation.SheetScenes(words), renderer, parts);
            lastLayer.DrawSheet(png, new SceneMatch(renderer), atBest);
        });
        return command;
    }

    private static void Print(string heading, IEnumerable<EvaluationRow> table)
    {
        Console.WriteLine($"\n| {heading} | right | of | share |\n|---|---|---|---|");
        foreach (EvaluationRow row in table)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {row.Name} | {row.Right} | {row.Asked} | {100.0 * row.Right / row.Asked:F1} % |"));
        }
    }
}
