using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DiffusionLens;
using Experiments.Models;

namespace Experiments.Cli;

/// <summary>The options of every command that runs a model.</summary>
/// <param name="further">What else <c>--model</c> takes: a sentence, or nothing.</param>
internal sealed class ModelOptions(string further = "")
{
    private readonly Option<string> _model = new("--model")
    {
        Description =
            "An embedded model's name, a diffusers folder, owner/name in the hub's cache, a single .safetensors of Stable Diffusion, or "
                + "DeepFloyd IF's two folders with a comma between them."
                + further,
        HelpName = "NAME|FOLDER|OWNER/NAME|FILE|STAGE_I,STAGE_II",
        DefaultValueFactory = _ => ModelRequest.DefaultModel,
        CompletionSources = { Completions.Models },
    };

    private readonly Option<TextLength?> _maxSequenceLength = new("--max-sequence-length")
    {
        Description = "How many tokens of a prompt are read, by models that leave the choice, or fit: as many as it has; their pipeline's "
            + "number if not given.",
        HelpName = "TOKENS|fit",
        CustomParser = LengthOf,
    };

    private readonly SamplingOptions _sampling = new();
    private readonly SingleFileChoice _singleFile = new();
    private readonly TextFormOptions _textForm = new();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_maxSequenceLength);
        _textForm.AddTo(command);
        _singleFile.AddTo(command);
        _sampling.AddTo(command);
    }

    /// <summary>The model asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public ModelRequest Model(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(_model),
            _sampling.Device(parsed),
            _sampling.DType(parsed),
            _sampling.Variant(parsed),
            parsed.GetValue(_maxSequenceLength)?.Tokens)
        {
            SingleFile = _singleFile.Of(parsed, parsed.GetRequiredValue(_model)),
            Cleaning = _sampling.Cleaning(parsed),
            Instruction = _textForm.Instruction(parsed),
            SoftCapping = _textForm.SoftCapping(parsed),
        };

    /// <summary>How many tokens of a prompt are read, where that is not a number for all prompts; else null.</summary>
    /// <param name="parsed">The command line.</param>
    public TextLength? Length(ParseResult parsed) => parsed.GetValue(_maxSequenceLength) is { Tokens: null } fit ? fit : null;

    /// <summary>How to sample, as far as the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    public SamplerRequest Sampler(ParseResult parsed) => _sampling.Sampler(parsed);

    private static TextLength? LengthOf(ArgumentResult parsed)
    {
        string text = parsed.Tokens[0].Value;
        if (text == "fit")
        {
            return TextLength.Fit;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) && tokens >= 1)
        {
            return TextLength.Of(tokens);
        }

        parsed.AddError($"--max-sequence-length {text}: give a whole number from 1, or fit");
        return null;
    }
}
