using System.CommandLine;
using Experiments.Plans;
using Experiments.Runs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary>What says which images are to be had: the experiment and its options, of all commands that make or ask about them.</summary>
/// <param name="ofFolder">What else <c>--out</c> is: a sentence, or nothing.</param>
/// <param name="ofModel">What else <c>--model</c> takes: a sentence, or nothing.</param>
internal sealed class ImageOptions(string ofFolder = "", string ofModel = "")
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
        Description = "Results folder; results/EXPERIMENT/MODEL if not given." + ofFolder,
        HelpName = "FOLDER",
    };

    private readonly SiteOptions _site = new();
    private readonly TextOptions _text = new();
    private readonly ModelOptions _model = new(ofModel);

    /// <summary>Gives a command the experiment and which of its images.</summary>
    /// <param name="first">Options that stand before these.</param>
    /// <param name="who">Those that stand before <c>--out</c>.</param>
    /// <param name="last">Those that stand behind it.</param>
    public void AddTo(Command command, IReadOnlyList<Option> first, IReadOnlyList<Option> who, IReadOnlyList<Option> last)
    {
        command.Add(_spec);
        foreach (Option option in (Option[])[.. first, _layers, _seeds, _limit, .. who, _folder, .. last])
        {
            command.Add(option);
        }
    }

    /// <summary>Gives a command what says how they are made.</summary>
    public void AddModelTo(Command command)
    {
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
        Out = parsed.GetValue(_folder),
    };
}
