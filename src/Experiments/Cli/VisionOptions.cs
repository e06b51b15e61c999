using System.CommandLine;
using Experiments.Catalog;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary>The options that say which vision-language model is asked, and how.</summary>
internal sealed class VisionOptions
{
    private const int MostAtOnce = 256, MostSeconds = 24 * 60 * 60;

    private readonly Option<string?> _url = new("--vlm-url")
    {
        Description = "The address of a server with the OpenAI API, up to and with /v1: llama.cpp's, vLLM's, Ollama's, a hosted one.",
        HelpName = "URL",
    };

    private readonly Option<string?> _model = new("--vlm-model") { Description = "The model's name at the server.", HelpName = "NAME" };

    private readonly Option<string?> _prompt = new("--vlm-prompt")
    {
        Description = "How it is asked: for a score from 0 to 10 (if not given, as in the paper), for yes or no, or as a file says.",
        HelpName = "score|yes-no|FILE",
    };

    private readonly Option<string?> _keyVariable = new("--vlm-key-env")
    {
        Description = $"The variable of the environment that holds the server's key; {VisionSpec.DefaultKeyVariable} if not given.",
        HelpName = "VARIABLE",
    };

    private readonly Option<int?> _concurrency = NumberOption.Whole(
        "--vlm-concurrency", "How many requests are in flight at any time; 4 if not given.", "N", most: MostAtOnce);

    private readonly Option<double?> _timeLimit = NumberOption.Real(
        "--vlm-timeout", "How long one request may take; 300 if not given.", "SECONDS", 0.1, MostSeconds);

    private readonly Option<double?> _patience = NumberOption.Real(
        "--vlm-wait", "How long to wait for a server that is not there yet; if not given, 600 for one that says it is loading or busy.",
        "SECONDS", 0, MostSeconds);

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_model);
        command.Add(_prompt);
        command.Add(_keyVariable);
        command.Add(_concurrency);
        command.Add(_timeLimit);
        command.Add(_patience);
    }

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="DiffusionLens.BadInputException">There is no such prompt, or it is none.</exception>
    public VisionSpec Vision(ParseResult parsed) => new()
    {
        Url = parsed.GetValue(_url),
        Model = parsed.GetValue(_model),
        Prompt = parsed.GetValue(_prompt) is { } prompt ? VisionPromptReader.Read(AssetCatalog.Prompts.Find(prompt).Path) : null,
        KeyVariable = parsed.GetValue(_keyVariable),
        Concurrency = parsed.GetValue(_concurrency),
        TimeLimit = parsed.GetValue(_timeLimit) is { } limit ? TimeSpan.FromSeconds(limit) : null,
        Patience = parsed.GetValue(_patience) is { } patience ? TimeSpan.FromSeconds(patience) : null,
    };
}
