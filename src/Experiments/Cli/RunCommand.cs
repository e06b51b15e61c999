using System.CommandLine;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>run SPEC</c>: an experiment from its spec to its report.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    public static Command Make(Terminal terminal)
    {
        Option<string?> only = new("--only")
        {
            Description = "One stage alone.",
            HelpName = "images|answers|measures|figures|report|explorer",
        };
        only.AcceptOnlyFromAmong([.. Enum.GetNames<Stage>().Select(name => name.ToLowerInvariant())]);
        Option<bool> force = new("--force") { Description = "Make again what is there." };
        Option<bool> dryRun = new("--dry-run") { Description = "Show the plan and how many images it needs, and do nothing." };
        Option<string?> shard = ShardOption.Make();
        Option<bool> mixed = new("--mixed")
        {
            Description = "Let a shard stand beside images that another kind of machine made; shards/ notes which.",
        };
        Option<bool> profile = ProfileOption.Make();
        RunOptions options = new();

        DocumentedCommand command = new(
            Name,
            "Runs an experiment: images, answers, measures, figures, report, explorer. Does only what is missing.",
            new("dlens-repro colors.yaml", "the whole line on the embedded model; 'run' may be left out"),
            new("dlens-repro colors --limit 2 --seeds 0 --out out/colors", "a quick look: two prompts of each condition, one seed"),
            new("dlens-repro run colors --dry-run", "what would be made"),
            new(
                "dlens-repro colors --model ~/models/stable-diffusion-2-1 --device cuda --dtype float16",
                "the same experiment on your own Stable Diffusion"),
            new(
                "dlens-repro colors --model IF-I-XL-v1.0,IF-II-L-v1.0 --device cuda --dtype bfloat16",
                "or on your own DeepFloyd IF: the folders of its two stages"),
            new(
                "dlens-repro colors --model mini-sd,mini-if,mini-mmdit",
                "on the embedded models, with a report that shows them side by side"),
            new("dlens-repro colors --shard 3/64", "one of 64 parts of the images, on a machine of its own; docs/clusters.md"),
            new("dlens-repro my.yaml --only figures", "draw again, from the measures that are there"));
        options.AddTo(command, [only], [force, dryRun, shard, mixed, profile]);
        command.IsResumable = true;
        command.SetAction(parsed => Profile.Around(parsed.GetValue(profile), terminal.Error, () => ModelsRun.Execute(
            options.Request(parsed) with
            {
                Only = parsed.GetValue(only) is string stage ? Enum.Parse<Stage>(stage, ignoreCase: true) : null,
                Force = parsed.GetValue(force),
                DryRun = parsed.GetValue(dryRun),
                Shard = ShardOption.Read(parsed.GetValue(shard), Environment.GetEnvironmentVariable),
                Mixed = parsed.GetValue(mixed),
                Options = RepeatedOptions.Of(parsed),
            },
            ModelReference.FindAll(options.Models(parsed)),
            terminal)));
        return command;
    }
}
