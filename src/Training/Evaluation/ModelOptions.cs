using System.CommandLine;
using DiffusionLens;
using DiffusionLens.Pipelines;
using DiffusionLens.Schedulers;
using Experiments.Cli;
using Training.Cascade;

namespace Training.Evaluation;

/// <summary>Options of the commands that make images: whose, and how.</summary>
internal sealed class ModelOptions
{
    private const int Steps = 20, LargestNoiseLevel = 999;
    private const double Guidance = 4, EnlargingGuidance = 1, LargestGuidance = 100;

    private readonly Option<string> _name = new("--model") { Description = "Whose images", DefaultValueFactory = _ => "mini-sd" };
    private readonly Option<double?> _guidance = NumberOption.Real("--guidance", "Guidance", "SCALE", 0, LargestGuidance);
    private readonly Option<int?> _side = new("--side") { Description = "Of the images, in pixels, where the pipeline makes larger ones" };
    private readonly Option<int?> _length = new("--max-sequence-length")
    {
        Description = "Tokens of a prompt, where the pipeline reads more",
    };

    private readonly Option<int?> _enlargingSteps = new("--enlarging-steps")
    {
        Description = "Steps of a cascade's second stage; as many as of the first where none are given",
    };

    private readonly Option<double?> _enlargingGuidance = NumberOption.Real(
        "--enlarging-guidance", "Guidance of a cascade's second stage; 1 is none", "SCALE", 0, LargestGuidance);

    private readonly Option<int?> _enlargingNoise = NumberOption.Whole(
        "--enlarging-noise", "How noisy a cascade's second stage finds the small image", "LEVEL", 0, LargestNoiseLevel);

    public ModelOptions()
    {
        _guidance.DefaultValueFactory = _ => Guidance;
        _enlargingGuidance.DefaultValueFactory = _ => EnlargingGuidance;
        _enlargingNoise.DefaultValueFactory = _ => PixelNetwork.NoiseLevel;
    }

    /// <summary>The folder with all models.</summary>
    public Option<string> Models { get; } = new("--models")
    {
        Description = "The folder with the models and mini-recognizer",
        DefaultValueFactory = _ => "models",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [Models, _name, _guidance, _side, _length, _enlargingSteps, _enlargingGuidance, _enlargingNoise])
        {
            command.Add(option);
        }
    }

    /// <summary>The folder of the model.</summary>
    public string Folder(ParseResult line) => Path.Combine(line.GetRequiredValue(Models), line.GetRequiredValue(_name));

    public TextToImageModel Load(ParseResult line) =>
        TextToImageModel.Load(Folder(line), new LoadOptions(MaxSequenceLength: line.GetValue(_length)));

    /// <summary>How its images are made: a sampler of the model's own, or the paper's with 20 steps.</summary>
    public SamplerSettings Sampler(ParseResult line, TextToImageModel model) => new()
    {
        Scheduler = model.Description.OwnSampler?.Scheduler ?? Scheduler.PaperName,
        Steps = model.Description.OwnSampler?.Steps ?? Steps,
        Height = line.GetValue(_side),
        Width = line.GetValue(_side),
        Guidance = line.GetRequiredValue(_guidance)!.Value,
        SuperResolution = new SuperResolutionSettings(
            line.GetValue(_enlargingSteps),
            line.GetRequiredValue(_enlargingGuidance)!.Value,
            line.GetRequiredValue(_enlargingNoise)!.Value),
    };
}
