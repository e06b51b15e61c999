using System.CommandLine;
using System.CommandLine.Parsing;
using DiffusionLens;
using Experiments.Catalog;
using Experiments.Clusters;
using Experiments.Files;
using Experiments.Plans;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary>What <c>slurm</c> and <c>kubernetes</c> have in common: the run, and what a shard of it gets.</summary>
internal sealed class ClusterOptions
{
    private const int LongestName = 40;

    private readonly RunOptions _run = new();
    private readonly Option<int?> _shards;

    private readonly Option<int?> _gpus = NumberOption.Whole(
        "--gpus", "Graphics cards of a shard; none if not given.", "N", least: 0, most: 64);

    private readonly Option<int?> _cpus = NumberOption.Whole(
        "--cpus",
        "Processors of a shard, which are its threads too; 4 if not given. Other numbers can change pixels by a level.",
        "N",
        most: 4096);

    private readonly Option<string?> _memory = new("--memory")
    {
        Description = "Memory of a shard, as the scheduler writes it: 32G, 32Gi.",
        HelpName = "SIZE",
    };

    private readonly Option<int?> _atOnce = NumberOption.Whole("--at-once", "So many shards at a time at most.", "N");

    private readonly Option<string?> _name = new("--name")
    {
        Description = "The job's name; the experiment's if not given.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _program = new("--program") { Description = "The program to run there.", HelpName = "FILE" };

    private readonly IReadOnlyList<Option> _own;

    /// <param name="shards">The option that says how many shards there are.</param>
    /// <param name="further">Options of the one scheduler.</param>
    public ClusterOptions(string shards, params Option[] further)
    {
        _shards = NumberOption.Whole(shards, "How many shards the images are made in.", "N", most: Shard.Most);
        _shards.Required = true;
        _own = [_shards, _gpus, _cpus, _memory, _atOnce, _name, _program, .. further];
    }

    /// <summary>The options of the run.</summary>
    public RunOptions Run => _run;

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command) => _run.AddTo(command, _own, []);

    /// <summary>The job that was asked for.</summary>
    /// <param name="program">What to run if nothing was said.</param>
    public ClusterJob Job(ParseResult parsed, IReadOnlyList<string> program)
    {
        string name = SafeName.Of(parsed.GetValue(_name) ?? Path.GetFileNameWithoutExtension(_run.Spec(parsed)));
        int gpus = parsed.GetValue(_gpus) ?? 0;
        return new ClusterJob
        {
            Name = name[..Math.Min(name.Length, LongestName)].TrimEnd('-'),
            Program = parsed.GetValue(_program) is { } file ? [file] : program,
            Arguments = _run.Arguments(parsed, _own),
            Shards = parsed.GetValue(_shards)!.Value,
            Gpus = gpus,
            ReportGpus = AnswersByClip(_run.Request(parsed)) ? gpus : 0,
            Cpus = parsed.GetValue(_cpus) ?? 4,
            Memory = parsed.GetValue(_memory),
            AtOnce = parsed.GetValue(_atOnce),
        };
    }

    // A spec for Kubernetes may lie on the cluster's disk alone; then the options say it, or nobody does.
    private static bool AnswersByClip(RunRequest request) =>
        (request.Annotators ?? AnnotatorsOf(request.Spec)).Contains(AnnotatorKinds.Clip) || !request.Clip.IsEmpty;

    private static IReadOnlyList<string> AnnotatorsOf(string spec)
    {
        try
        {
            return ExperimentReader.Read(AssetCatalog.Experiments.Find(spec).Path) is Spec read ? read.Annotators : [];
        }
        catch (BadInputException)
        {
            return [];
        }
    }
}
