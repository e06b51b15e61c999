using System.CommandLine;
using Experiments.Plans;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary>The options of commands that run many experiments on many models.</summary>
internal sealed class SuiteOptions(string models)
{
    private readonly Option<string> _models = ModelList.Make(models), _results = ResultsOption.Make();

    private readonly Option<string?> _seeds = new("--seeds") { Description = "Seeds of the noise, such as 0,1.", HelpName = "SEEDS" };

    private readonly Option<int?> _limit = NumberOption.Whole("--limit", "At most so many prompts of each condition.", "N");

    private readonly SingleFileChoice _singleFile = new();

    private readonly SamplingOptions _sampling = new();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_models);
        command.Add(_seeds);
        command.Add(_limit);
        command.Add(_results);
        _singleFile.AddTo(command);
        _sampling.AddTo(command);
    }

    /// <summary>What was asked for.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A value cannot be taken.</exception>
    public SuiteRequest Of(ParseResult parsed) => new()
    {
        Models = ModelList.Of(parsed.GetRequiredValue(_models)),
        Device = _sampling.Device(parsed),
        DType = _sampling.DType(parsed),
        Variant = _sampling.Variant(parsed),
        SingleFile = _singleFile.Of(parsed, parsed.GetRequiredValue(_models)),
        Cleaning = _sampling.Cleaning(parsed),
        Sampler = _sampling.Sampler(parsed),
        Limits = new PlanLimits(Seeds: ListOption.Seeds(_seeds.Name, parsed.GetValue(_seeds)), Prompts: parsed.GetValue(_limit)),
        Results = new ResultsRoot(parsed.GetRequiredValue(_results)),
        Options = RepeatedOptions.Of(parsed),
    };
}
