using System.CommandLine;
using Experiments.Cli;
using Training.Autoencoder;
using Training.Cascade;
using Training.Denoiser;
using Training.Flow;
using Training.Language;
using Training.Recognition;
using Training.Rendering;
using Training.Text;
using static TorchSharp.torch;

namespace Training.Runs;

/// <summary>The commands that train a part. The defaults are those of the shipped models, whose cards tell the whole story.</summary>
internal static class TrainingCommands
{
    // Parts of a batch are spoilt or met again: a smaller one would have none of some of them.
    private const int LeastBatch = 8;

    private const double LeastRate = 1e-6, LargestRate = 1;

    /// <summary>One command for each part, in the order in which they are trained.</summary>
    public static IEnumerable<Command> All()
    {
        yield return Create(
            "text",
            "The text encoder of mini-sd, by contrast, and its vocabulary",
            1_000, 192, 1.5e-3, TextTraining.Run);
        yield return Create(
            "recognizer",
            "The recognizer: answers questions about images of the small world",
            4_000, 64, 2e-3, RecognizerTraining.Run, generated: true);
        yield return Create(
            "vae",
            "The autoencoder of mini-sd: 64×64 images to 8×8 latents and back",
            4_600, 32, 1.5e-3, (options, world) => VaeTraining.Run(AutoencoderRecipe.MiniSd, options, world));
        yield return Create(
            "unet",
            "The denoiser of mini-sd, on the finished text encoder and autoencoder",
            8_800, 96, 1.3e-3, UNetTraining.Run);
        yield return Create(
            "if-text",
            "The text encoder of mini-if, by span corruption; its vocabulary is there already",
            1_560, 96, 1.5e-3, LanguageTraining.Run);
        yield return Create(
            "if-stage-1",
            "The UNet of mini-if's stage I: 32×32 images, on the finished text encoder",
            5_800, 64, 1.3e-3, PixelTraining.RunSmall);
        yield return Create(
            "if-stage-2",
            "The UNet of mini-if's stage II: 64×64 images from stage I's",
            620, 64, 1.3e-3, PixelTraining.RunLarge);
        yield return Create(
            "mmdit-vae",
            "The autoencoder of mini-mmdit: 64×64 images to 16×16 latents and back",
            1_700, 32, 1.5e-3, (options, world) => VaeTraining.Run(AutoencoderRecipe.MiniMmdit, options, world));
        yield return Create(
            "mmdit",
            "The transformer of mini-mmdit, by flow matching, on its finished autoencoder and the text encoders of mini-sd and mini-if",
            7_000, 64, 1.2e-3, FlowTraining.Run);
        yield return Create(
            "mmdit-guidance",
            "The same transformer, so that one pass a step is enough: guidance distilled into it",
            900, 64, 4e-4, GuidanceTraining.Run);
    }

    private static Command Create(
        string name,
        string description,
        int steps,
        int batch,
        double rate,
        Action<TrainingOptions, World> train,
        bool generated = false)
    {
        Option<string?> art = ArtFolder.Option();
        Option<string> lexicon = new("--lexicon") { Description = "The world's words", DefaultValueFactory = _ => "lexicons/mini.yaml" };
        Option<string> checkpoints = new("--checkpoints")
        {
            Description = "Where states, logs and sample sheets are kept",
            DefaultValueFactory = _ => "checkpoints",
        };
        Option<string> models = new("--models") { Description = "Where finished parts go", DefaultValueFactory = _ => "models" };
        Option<int?> stepCount = NumberOption.Whole("--steps", "Steps of the whole run", "N");
        Option<int?> batchSize = NumberOption.Whole("--batch", "Scenes a step", "N", LeastBatch);
        Option<double?> learningRate = NumberOption.Real("--rate", "The highest learning rate", "RATE", LeastRate, LargestRate);
        stepCount.DefaultValueFactory = _ => steps;
        batchSize.DefaultValueFactory = _ => batch;
        learningRate.DefaultValueFactory = _ => rate;
        Option<ulong> seed = new("--seed") { Description = "Of starting values, scenes and noise", DefaultValueFactory = _ => 1UL };
        Option<string> dtype = new("--dtype")
        {
            Description = "float32, bfloat16, or auto: what this machine is faster in",
            DefaultValueFactory = _ => "auto",
        };
        Option<bool> fromModels = new("--from-models") { Description = "Start from the weights that --models already has" };
        Option<string> optimizer = new("--optimizer")
        {
            Description = "adamw, or muon: that for matrices and adamw for the rest",
            DefaultValueFactory = _ => "adamw",
        };
        dtype.AcceptOnlyFromAmong("auto", "float32", "bfloat16");
        optimizer.AcceptOnlyFromAmong("adamw", "muon");
        Command command = new(name, description)
        {
            art, lexicon, checkpoints, models, stepCount, batchSize, learningRate, seed, dtype, optimizer, fromModels,
        };
        Option<string?> images = new("--generated")
        {
            Description = "A folder with files of `generate`, and CSVs of what two observers saw: half of each batch; needs --from-models",
        };
        Option<string[]> thresholdOn = new("--threshold-on")
        {
            Description = "Models whose images set the threshold of a yes; all of --generated if not given",
            HelpName = "MODELS",
            CustomParser = parsed => parsed.Tokens[0].Value.Split(','),
        };
        if (generated)
        {
            command.Add(images);
            command.Add(thresholdOn);
        }

        command.SetAction(parsed =>
        {
            TrainingOptions options = new()
            {
                Art = parsed.GetValue(art) ?? ArtFolder.Find(),
                Lexicon = parsed.GetRequiredValue(lexicon),
                Checkpoints = parsed.GetRequiredValue(checkpoints),
                Models = parsed.GetRequiredValue(models),
                Steps = parsed.GetRequiredValue(stepCount)!.Value,
                Batch = parsed.GetRequiredValue(batchSize)!.Value,
                LearningRate = parsed.GetRequiredValue(learningRate)!.Value,
                Seed = parsed.GetRequiredValue(seed),
                DType = parsed.GetRequiredValue(dtype) switch
                {
                    "float32" => ScalarType.Float32,
                    "bfloat16" => ScalarType.BFloat16,
                    _ => MachineSpeed.FasterType(),
                },
                FromModels = parsed.GetValue(fromModels),
                WithMuon = parsed.GetRequiredValue(optimizer) == "muon",
                Generated = generated ? parsed.GetValue(images) : null,
                ThresholdOn = generated ? parsed.GetValue(thresholdOn) ?? [] : [],
            };
            Console.WriteLine($"{name}: {options.Steps} steps of {options.Batch} scenes in {options.DType} on {get_num_threads()} threads");
            train(options, World.Load(options));
        });
        return command;
    }
}
