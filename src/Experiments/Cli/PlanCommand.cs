using System.CommandLine;
using Experiments.Console;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Runs;

namespace Experiments.Cli;

/// <summary><c>plan SPEC</c>: how much an experiment is, and its parts.</summary>
internal static class PlanCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<int?> shards = NumberOption.Whole("--shards", "Into how many parts; 1 if not given.", "N", most: Shard.Most);
        Option<bool> json = new("--json") { Description = "One JSON object, with the arguments of each part's command." };
        Option<bool> commands = new("--commands") { Description = "A line of shell for each part, for GNU parallel and the like." };
        RunOptions options = new();
        Command command = new DocumentedCommand(
            "plan",
            "Says how many prompts, images and answers an experiment has, and as far as earlier runs tell how many bytes and seconds; in "
                + "parts.",
            new("dlens-repro plan colors --shards 4", "for people"),
            new("dlens-repro plan colors --shards 64 --json", "for Snakemake, Nextflow and others; docs/clusters.md"),
            new("dlens-repro plan colors --shards 64 --commands | parallel -j 2", "all parts, two at a time"));
        options.AddTo(command, [shards, json, commands], []);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(commands))
            {
                parsed.AddError($"{json.Name} and {commands.Name}: give one of the two");
            }
        });
        command.SetAction(parsed => PlanRun.Execute(
            options.Request(parsed),
            ModelReference.FindAll(options.Models(parsed)),
            parsed.GetValue(shards) ?? 1,
            parsed.GetValue(json) ? PlanForm.Json : parsed.GetValue(commands) ? PlanForm.Commands : PlanForm.Text,
            options.Arguments(parsed, [shards, json, commands]),
            terminal));
        return command;
    }
}
