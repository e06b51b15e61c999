using DiffusionLens;
using Experiments.Cli;
using Experiments.Plans;

namespace Experiments.Tests.Cli;

public sealed class ShardOptionTests
{
    [Theory]
    [InlineData("1", "1 4 1 4", 1)]
    [InlineData("4", "1 4 1 4", 4)]
    [InlineData("0", "0 3 1 4", 1)]
    [InlineData("7", "1 9 2 5", 4)]
    public void A_task_of_a_Slurm_array_is_a_shard(string task, string array, int number) =>
        Assert.Equal(number, ShardOption.Read("slurm", Slurm(task, array))!.Number);

    // Submitted again with --array=5,9 there are two tasks, and they are not halves; nor is with --array=7 the lone one the whole.
    [Theory]
    [InlineData("5", "5 9 1 2")]
    [InlineData("5", "5 9 1 5")]
    [InlineData("7", "7 7 1 1")]
    [InlineData("2", "1 9 2 5")]
    [InlineData("5", "1 4 1 4")]
    [InlineData("1", "1 4 0 4")]
    public void A_task_of_a_part_of_an_array_is_refused(string task, string array)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() => ShardOption.Read("slurm", Slurm(task, array)));

        Assert.Contains(
            "is no task of a whole array, which begins with 0 or 1; give --shard \"$SLURM_ARRAY_TASK_ID/N\"",
            problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_a_Kubernetes_Job_counts_from_0() =>
        Assert.Equal(
            new Shard(64, 64), ShardOption.Read("kubernetes", Variables(("JOB_COMPLETION_INDEX", "63"), ("JOB_COMPLETIONS", "64"))));

    [Theory]
    [InlineData("slurm", "--shard slurm: SLURM_ARRAY_TASK_ID is not set; it is set in the tasks of an array (sbatch --array=1-N)")]
    [InlineData("kubernetes", "--shard kubernetes: JOB_COMPLETION_INDEX is not set; it is set in the pods of an Indexed Job")]
    [InlineData("pbs", "--shard pbs: give i/n, such as 3/64, with i from 1 to n and n at most 9999; or slurm or kubernetes")]
    public void Without_the_schedulers_variables_there_is_no_shard(string text, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => ShardOption.Read(text, _ => null)).Message);

    [Fact]
    public void An_index_beyond_the_completions_is_refused() => Assert.Throws<BadInputException>(() =>
        ShardOption.Read("kubernetes", Variables(("JOB_COMPLETION_INDEX", "64"), ("JOB_COMPLETIONS", "64"))));

    [Fact]
    public void A_variable_that_happens_to_be_there_means_nothing()
    {
        Assert.Null(ShardOption.Read(null, Slurm("1", "1 4 1 4")));
        Assert.Equal(new Shard(1, 2), ShardOption.Read("1/2", Slurm("4", "1 4 1 4")));
    }

    // Of the array: the first, the last, the step, how many.
    private static Func<string, string?> Slurm(string task, string array)
    {
        string[] numbers = array.Split(' ');
        return Variables(
            ("SLURM_ARRAY_TASK_ID", task),
            ("SLURM_ARRAY_TASK_MIN", numbers[0]),
            ("SLURM_ARRAY_TASK_MAX", numbers[1]),
            ("SLURM_ARRAY_TASK_STEP", numbers[2]),
            ("SLURM_ARRAY_TASK_COUNT", numbers[3]));
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables) =>
        name => variables.ToDictionary(variable => variable.Name, variable => variable.Value).GetValueOrDefault(name);
}
