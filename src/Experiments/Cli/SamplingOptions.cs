using System.CommandLine;
using DiffusionLens.Tokenizers;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>The options of every command that runs a model, but for the model itself.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<string?> _scheduler = Scheduler();

    private readonly Option<string[]> _schedulerConfig = new("--scheduler-config")
    {
        Description = "Set a key of the model's scheduler config, as use_karras_sigmas=true; may be given several times.",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<int?> _steps = NumberOption.Whole("--steps", "Denoising steps, 1 to 1000.", "N", most: 1000);

    private readonly Option<double?> _guidance = NumberOption.Real(
        "--guidance",
        "Scale of classifier-free guidance; 1 and less is none.",
        "SCALE",
        least: 0,
        most: 100);

    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => ModelRequest.DefaultDevice,
        CompletionSources = { "cpu", "cuda" },
    };

    private readonly Option<string?> _dtype = OneOf(
        "--dtype",
        "The type that all is computed in; float32 if not given.",
        ModelRequest.DTypes);

    private readonly Option<int?> _stage = NumberOption.Whole(
        "--stage",
        "Where DeepFloyd IF stops: 1 is its small images; the last stage if not given.",
        "1|2",
        most: 2);

    private readonly Option<string?> _binning = OneOf(
        "--resolution-binning",
        "on: draw at the nearest size of the pipeline's table, as diffusers does for PixArt and SANA; off if not given.",
        ["on", "off"]);

    private readonly Option<string?> _variant = new("--variant")
    {
        Description = "Take these weights where parts have them, such as fp16 (model.fp16.safetensors).",
        HelpName = "NAME",
    };

    private readonly CleanTextOption _cleanText = new();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        Option[] options = [_scheduler, _schedulerConfig, _steps, _guidance, _binning, _stage, _device, _dtype, _variant, _cleanText];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Where to run.</summary>
    /// <param name="parsed">The command line.</param>
    public string Device(ParseResult parsed) => parsed.GetRequiredValue(_device);

    /// <summary>The type to compute in.</summary>
    /// <param name="parsed">The command line.</param>
    public string DType(ParseResult parsed) => parsed.GetValue(_dtype) ?? ModelRequest.DefaultDType;

    /// <summary>Which weights to take, or null.</summary>
    /// <param name="parsed">The command line.</param>
    public string? Variant(ParseResult parsed) => parsed.GetValue(_variant);

    /// <summary>What is done to prompts first.</summary>
    /// <param name="parsed">The command line.</param>
    public TextCleaning Cleaning(ParseResult parsed) => _cleanText.Value(parsed);

    /// <summary>How to sample, as far as the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    public SamplerRequest Sampler(ParseResult parsed) =>
        new(
            parsed.GetValue(_scheduler),
            parsed.GetValue(_steps),
            parsed.GetValue(_guidance),
            parsed.GetValue(_stage),
            parsed.GetValue(_schedulerConfig),
            parsed.GetValue(_binning) is { } binning ? binning == "on" : null);

    private static Option<string?> Scheduler()
    {
        Option<string?> option = OneOf("--scheduler", "", [.. SamplerSpec.Schedulers]);
        option.Description = $"The sampler, if not the one that the model's folder names: {string.Join(", ", SamplerSpec.Schedulers)}.";
        option.HelpName = "NAME";
        return option;
    }

    private static Option<string?> OneOf(string name, string description, string[] values)
    {
        Option<string?> option = new(name) { Description = description, HelpName = string.Join('|', values) };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
