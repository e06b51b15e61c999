using System.CommandLine;
using System.CommandLine.Parsing;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary>What says which results are to be had: the experiment and its options, of <c>run</c> and of those that plan runs.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _spec = new("SPEC")
    {
        HelpName = "SPEC",
        Description = "An experiment: a name from 'list', or a YAML file of your own.",
        CompletionSources = { Completions.Specs },
    };

    private readonly Option<string?> _layers = new("--layers")
    {
        Description = "0,4,8, or all, or last, or 'every 4', or 'every 1/6' (counted back from the last).",
        HelpName = "LAYERS",
    };

    private readonly Option<string?> _seeds = new("--seeds") { Description = "Seeds of the noise, such as 0,1.", HelpName = "SEEDS" };
    private readonly Option<int?> _limit = NumberOption.Whole("--limit", "At most so many prompts of each condition.", "N");

    private readonly Option<string?> _folder = new("--out")
    {
        Description = "Results folder; results/EXPERIMENT/MODEL if not given. Of several models each has a folder of its name in it.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _annotators = new("--annotators")
    {
        Description = "Who answers, the main one first: what the spec says, else the recognizer that the model names, else people.",
        HelpName = string.Join(',', AnnotatorKinds.All),
    };

    private readonly VisionOptions _vision = new();
    private readonly ClipOptions _clip = new();
    private readonly Option<string?> _calibration = CalibrationOption.Make();
    private readonly SiteOptions _site = new();
    private readonly TextOptions _text = new();
    private readonly ModelOptions _model = new(" Several models, also with commas: one report shows them side by side.");

    /// <summary>Gives a command these options.</summary>
    /// <param name="first">Its own options, which stand before them.</param>
    /// <param name="last">Those that stand behind the plain ones.</param>
    public void AddTo(Command command, IReadOnlyList<Option> first, IReadOnlyList<Option> last)
    {
        command.Add(_spec);
        foreach (Option option in (Option[])[.. first, _layers, _seeds, _limit, _annotators, _folder, .. last])
        {
            command.Add(option);
        }

        _vision.AddTo(command);
        _clip.AddTo(command);
        command.Add(_calibration);
        _site.AddTo(command);
        _text.AddTo(command);
        _model.AddTo(command);
    }

    /// <summary>The experiment, as it was named.</summary>
    public string Spec(ParseResult parsed) => parsed.GetRequiredValue(_spec);

    /// <summary>The models, as they were named.</summary>
    public string Models(ParseResult parsed) => _model.Model(parsed).Model;

    /// <summary>What was asked for.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A value is none of its option's.</exception>
    public RunRequest Request(ParseResult parsed) => new()
    {
        Spec = Spec(parsed),
        Model = _model.Model(parsed),
        Sampler = _model.Sampler(parsed),
        Site = _site.Site(parsed),
        Text = _text.Text(parsed) with { Length = _model.Length(parsed) },
        Limits = new PlanLimits(
            parsed.GetValue(_layers) is string choice ? LayerChoiceReader.Read(choice, _layers.Name) : null,
            ListOption.Seeds(_seeds.Name, parsed.GetValue(_seeds)),
            parsed.GetValue(_limit)),
        Annotators = ListOption.Names(_annotators.Name, parsed.GetValue(_annotators), AnnotatorKinds.All),
        Vision = _vision.Vision(parsed),
        Clip = _clip.Clip(parsed),
        Calibration = parsed.GetValue(_calibration),
        Out = parsed.GetValue(_folder),
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
            .SelectMany(Words),
    ];

    // What begins with a dash would be taken for another option.
    private static IEnumerable<string> Words(OptionResult result) =>
        result.Tokens.Count == 0
            ? [result.Option.Name]
            : result.Tokens.SelectMany(token => token.Value.StartsWith('-')
                ? new[] { $"{result.Option.Name}={token.Value}" }
                : [result.Option.Name, token.Value]);
}
