using System.CommandLine;
using System.CommandLine.Parsing;
using Experiments.Runs;
using Experiments.Specs;

namespace Experiments.Cli;

/// <summary>What says which results are to be had: the experiment and its options, of <c>run</c> and of those that plan runs.</summary>
internal sealed class RunOptions
{
    private readonly ImageOptions _images = new(
        " Of several models each has a folder of its name in it.",
        " Several models, also with commas: one report shows them side by side.");

    private readonly Option<string?> _annotators = new("--annotators")
    {
        Description = "Who answers, the main one first: what the spec says, else the recognizer that the model names, else people.",
        HelpName = string.Join(',', AnnotatorKinds.All),
    };

    private readonly VisionOptions _vision = new();
    private readonly ClipOptions _clip = new();
    private readonly Option<string?> _calibration = CalibrationOption.Make();

    /// <summary>Gives a command these options.</summary>
    /// <param name="first">Its own options, which stand before them.</param>
    /// <param name="last">Those that stand behind the plain ones.</param>
    public void AddTo(Command command, IReadOnlyList<Option> first, IReadOnlyList<Option> last)
    {
        _images.AddTo(command, first, [_annotators], last);
        _vision.AddTo(command);
        _clip.AddTo(command);
        command.Add(_calibration);
        _images.AddModelTo(command);
    }

    /// <summary>The experiment, as it was named.</summary>
    public string Spec(ParseResult parsed) => _images.Spec(parsed);

    /// <summary>The models, as they were named.</summary>
    public string Models(ParseResult parsed) => _images.Models(parsed);

    /// <summary>What was asked for.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A value is none of its option's.</exception>
    public RunRequest Request(ParseResult parsed) => _images.Request(parsed) with
    {
        Annotators = ListOption.Names(_annotators.Name, parsed.GetValue(_annotators), AnnotatorKinds.All),
        Vision = _vision.Vision(parsed),
        Clip = _clip.Clip(parsed),
        Calibration = parsed.GetValue(_calibration),
    };

    /// <summary>The command line of a run with these options, as far as they were given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="own">Options of the command that is planned from, which a run does not know.</param>
    /// <returns><c>run SPEC</c> and the options, a word each.</returns>
    public IReadOnlyList<string> Arguments(ParseResult parsed, IReadOnlyList<Option> own) =>
    [
        RunCommand.Name,
        Spec(parsed),
        .. parsed.CommandResult.Command.Options
            .Where(option => !own.Contains(option))
            .Select(parsed.GetResult)
            .OfType<OptionResult>()
            .Where(result => !result.Implicit)
            .SelectMany(result => OptionWords.Of(result, word => word)),
    ];
}
