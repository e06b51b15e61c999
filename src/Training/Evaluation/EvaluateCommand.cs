using System.CommandLine;
using System.Globalization;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using MiniWorld;
using MiniWorld.Recognition;
using Training.Rendering;

namespace Training.Evaluation;

/// <summary><c>evaluate</c>: the tables of the model cards, and a sheet of images to count by eye.</summary>
internal static class EvaluateCommand
{
    private const int Steps = 20;

    public static Command Create()
    {
        Option<string> models = new("--models")
        {
            Description = "The folder with the models and mini-recognizer",
            DefaultValueFactory = _ => "models",
        };
        Option<string> name = new("--model") { Description = "Whose images", DefaultValueFactory = _ => "mini-sd" };
        Option<string?> art = ArtFolder.Option();
        Option<string> lexicon = new("--lexicon") { Description = "The words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<int> prompts = new("--prompts") { Description = "Prompts of each kind that pairs words", DefaultValueFactory = _ => 48 };
        Option<int> seeds = new("--seeds") { Description = "Images of each prompt", DefaultValueFactory = _ => 4 };
        Option<double> guidance = new("--guidance") { Description = "Classifier-free guidance", DefaultValueFactory = _ => 4 };
        Option<int?> side = new("--side") { Description = "Of the images, in pixels, where the pipeline makes larger ones" };
        Option<int?> length = new("--max-sequence-length") { Description = "Tokens of a prompt, where the pipeline reads more" };
        Option<int?> enlarging = new("--enlarging-steps")
        {
            Description = "Steps of a cascade's second stage; as many as of the first where none are given",
        };
        Option<double> enlargingGuidance = new("--enlarging-guidance")
        {
            Description = "Guidance of a cascade's second stage; 1 is none",
            DefaultValueFactory = _ => 1,
        };
        Option<string> sheet = new("--sheet")
        {
            Description = "Where a sheet of a hundred images goes, to count by eye",
            DefaultValueFactory = _ => "checkpoints/evaluation.png",
        };
        Command command = new("evaluate", "Measure the recognizer on drawn scenes and a model's last layer by the recognizer")
        {
            models, name, art, lexicon, prompts, seeds, guidance, side, length, enlarging, enlargingGuidance, sheet,
        };
        command.SetAction(line =>
        {
            Lexicon words = Lexicon.Load(line.GetRequiredValue(lexicon));
            string folder = line.GetRequiredValue(models);
            using Recognizer recognizer = Recognizer.Load(Path.Combine(folder, "mini-recognizer"), words);
            string modelFolder = Path.Combine(folder, line.GetRequiredValue(name));
            using TextToImageModel model = TextToImageModel.Load(
                modelFolder, new LoadOptions(MaxSequenceLength: line.GetValue(length)));
            SamplerSettings sampler = new()
            {
                Scheduler = model.Description.OwnSampler?.Scheduler ?? Scheduler.PaperName,
                Steps = model.Description.OwnSampler?.Steps ?? Steps,
                Height = line.GetValue(side),
                Width = line.GetValue(side),
                Guidance = line.GetValue(guidance),
                SuperResolution = new SuperResolutionSettings(line.GetValue(enlarging), line.GetValue(enlargingGuidance)),
            };
            LastLayerEvaluation lastLayer = new(model, recognizer, words, line.GetValue(seeds), sampler);
            SceneRenderer renderer = new(EmojiArt.Load(line.GetValue(art) ?? ArtFolder.Find(), words));
            string? autoencoder = Directory.Exists(Path.Combine(modelFolder, "vae")) ? modelFolder : null;
            Print(
                "Question",
                [.. RecognizerEvaluation.Run(recognizer, renderer, words, autoencoder), lastLayer.LayerZero(line.GetValue(prompts))]);
            Print("Prompts", lastLayer.Run(line.GetValue(prompts)));
            lastLayer.DrawSheet(line.GetRequiredValue(sheet));
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
