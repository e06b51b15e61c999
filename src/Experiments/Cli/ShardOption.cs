using System.CommandLine;
using System.Globalization;
using DiffusionLens;
using Experiments.Plans;

namespace Experiments.Cli;

/// <summary>
/// <c>--shard</c>: which part of the images to make, as it stands or as the task of a scheduler says. Variables of a scheduler are read
/// only where the scheduler is named.
/// </summary>
internal static class ShardOption
{
    private const string Slurm = "slurm", Kubernetes = "kubernetes";

    public static Option<string?> Make() => new("--shard")
    {
        Description = "Make one part of the images alone: the i-th of n; or the task of a Slurm array, or the index of a Kubernetes Job.",
        HelpName = $"i/n|{Slurm}|{Kubernetes}",
    };

    /// <summary>The shard.</summary>
    /// <param name="text">What was given, or null.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <exception cref="BadInputException">It is no shard, or the scheduler's variables tell of none.</exception>
    public static Shard? Read(string? text, Func<string, string?> environment) => text switch
    {
        null => null,
        Slurm => OfSlurm(environment),
        Kubernetes => OfKubernetes(environment),
        _ => Shard.Parse(text) ?? throw new BadInputException(
            $"--shard {text}: give i/n, such as 3/64, with i from 1 to n and n at most {Shard.Most}; or {Slurm} or {Kubernetes}"),
    };

    // Where a part of an array is submitted again the count is of that part, which would be other shards: then it does not begin with the
    // first task, or the ends do not fit. One that begins with the first task and has no gaps cannot be told from a whole array.
    private static Shard OfSlurm(Func<string, string?> environment)
    {
        const string Prefix = "SLURM_ARRAY_TASK_";
        int task = Whole("ID"), count = Whole("COUNT"), first = Whole("MIN"), last = Whole("MAX"), step = Whole("STEP");
        return first <= 1 && step >= 1 && (task - first) % step == 0 && first + ((long)(count - 1) * step) == last
            && Shard.Of(((task - first) / step) + 1, count) is { } shard
                ? shard
                : throw new BadInputException(
                    $"--shard {Slurm}: {Prefix}ID {task} with COUNT {count}, MIN {first}, MAX {last}, STEP {step} is no task of a whole "
                        + "array, which begins with 0 or 1; give --shard \"$SLURM_ARRAY_TASK_ID/N\" with the number of all shards");

        int Whole(string name) => Number(environment, Prefix + name, Slurm, "it is set in the tasks of an array (sbatch --array=1-N)");
    }

    private static Shard OfKubernetes(Func<string, string?> environment)
    {
        const string Index = "JOB_COMPLETION_INDEX", Completions = "JOB_COMPLETIONS";
        int index = Number(environment, Index, Kubernetes, "it is set in the pods of an Indexed Job"),
            count = Number(environment, Completions, Kubernetes, "set it to the Job's completions, as 'dlens-repro kubernetes' does");
        return Shard.Of(index + 1, count)
            ?? throw new BadInputException($"--shard {Kubernetes}: {Index} {index} is no index of {Completions} {count}");
    }

    private static int Number(Func<string, string?> environment, string name, string scheduler, string hint) => environment(name) switch
    {
        null or "" => throw new BadInputException($"--shard {scheduler}: {name} is not set; {hint}"),
        string text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue
            ? number
            : throw new BadInputException($"--shard {scheduler}: {name} is '{text}', which is no whole number"),
    };
}
