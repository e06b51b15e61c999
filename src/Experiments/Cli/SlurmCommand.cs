using System.CommandLine;
using Experiments.Catalog;
using Experiments.Clusters;
using Experiments.Console;
using Experiments.Specs.Reading;

namespace Experiments.Cli;

/// <summary><c>slurm SPEC</c>: prints a script that runs an experiment on a cluster.</summary>
internal static class SlurmCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string?> partition = new("--partition") { Description = "Slurm's partition.", HelpName = "NAME" };
        Option<string?> time = new("--time")
        {
            Description = "Slurm's limit for one shard. What is not done by then goes into the queue again.",
            HelpName = "H:MM:SS",
        };
        Option<string[]> further = new("--sbatch")
        {
            Description = "A further option of sbatch, such as --sbatch=--account=lens; may be given several times.",
            HelpName = "OPTION",
        };
        ClusterOptions options = new("--tasks", partition, time, further);
        Command command = new DocumentedCommand(
            "slurm",
            "Prints a script for Slurm: an array of shards that make the images, and a job after it for answers to report.",
            new("dlens-repro slurm colors --tasks 64 --gpus 1 --time 2:00:00 --device cuda > colors.sh", "write it; then: bash colors.sh"),
            new("dlens-repro slurm colors --tasks 8 --cpus 16 --sbatch=--constraint=icelake > colors.sh", "on processors of one kind"));
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            options.Run.Request(parsed);
            ExperimentReader.Read(AssetCatalog.Experiments.Find(options.Run.Spec(parsed)).Path);
            terminal.Output.Write(SlurmScript.Of(
                options.Job(parsed, ThisProgram.Words),
                new SlurmOptions(
                    parsed.GetValue(partition), parsed.GetValue(time), parsed.GetValue(further) ?? [], Environment.CurrentDirectory)));
        });
        return command;
    }
}
