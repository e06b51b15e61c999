using System.Diagnostics;
using DiffusionLens;
using Experiments.Clusters;

namespace Experiments.Tests.Clusters;

/// <summary>What the printed script says and does, with a stand-in for sbatch; tests/Slurm/run.sh tries it on a real Slurm.</summary>
public sealed class SlurmScriptTests : IDisposable
{
    private static readonly ClusterJob Job = new()
    {
        Name = "colors",
        Program = ["dlens-repro"],
        Arguments = ["run", "colors", "--out", "it's $HOME \"here\""],
        Shards = 64,
        Gpus = 1,
        Cpus = 8,
        Memory = "32G",
        AtOnce = 16,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("slurm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_images_are_an_array_that_is_told_before_its_limit_and_goes_on()
    {
        string[] lines = Script().Split('\n');

        Assert.Equal("#!/bin/bash", lines[0]);
        Assert.Subset(
            lines.TakeWhile(line => line.Length > 0).ToHashSet(),
            new HashSet<string>
            {
                "#SBATCH --job-name=colors", "#SBATCH --array=1-64%16", "#SBATCH --partition=gpu", "#SBATCH --time=2:00:00",
                "#SBATCH --cpus-per-task=8", "#SBATCH --mem=32G", "#SBATCH --gpus=1", "#SBATCH --account=lens", "#SBATCH --requeue",
                "#SBATCH --open-mode=append", "#SBATCH --signal=B:TERM@90",
            });
        Assert.Contains("scontrol requeue \"$SLURM_JOB_ID\"", Script(), StringComparison.Ordinal);
        Assert.Contains("export OMP_NUM_THREADS=8", lines);
    }

    [SkippableFact]
    public void Run_by_a_shell_it_submits_itself_and_then_the_report_after_it()
    {
        Skip.If(OperatingSystem.IsWindows());
        StandIn("sbatch", $"""
            printf '%s\n' "$*" >> '{_folder}/calls'
            case "$*" in *dependency*) cat > '{_folder}/report' ;; esac
            echo '7;here'
            """);
        string script = Write(Script());

        string output = Bash(script, task: null);

        Assert.Equal("images: job 7; report, when all of its tasks are done: job 7\n", output);
        Assert.Equal(
            [$"--parsable {script}", "--parsable --dependency=afterok:7 --kill-on-invalid-dep=yes"], File.ReadAllLines($"{_folder}/calls"));
        string[] report = File.ReadAllLines($"{_folder}/report");
        Assert.Equal("#!/bin/bash", report[0]);
        Assert.DoesNotContain(report, line => line.Contains("--array", StringComparison.Ordinal));
        Assert.DoesNotContain(report, line => line.Contains("--gpus", StringComparison.Ordinal));
        Assert.Contains("exec dlens-repro run colors --out 'it'\\''s $HOME \"here\"'", report);
    }

    [Fact]
    public void A_report_that_computes_on_graphics_cards_asks_for_them()
    {
        string script = SlurmScript.Of(Job with { ReportGpus = 2 }, new SlurmOptions(null, null, [], "/"));

        Assert.Contains("#SBATCH --job-name=colors-report\n#SBATCH --cpus-per-task=8\n#SBATCH --mem=32G\n#SBATCH --gpus=2\n", script,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_task_runs_its_shard_with_every_argument_as_it_was_given()
    {
        Skip.If(OperatingSystem.IsWindows());
        StandIn("dlens-repro", "printf '%s|' \"$@\"; exit 3");

        Assert.Equal("run|colors|--out|it's $HOME \"here\"|--shard|5/64|3", Bash(Write(Script()), task: "5", end: "; printf %s $?"));
    }

    [SkippableTheory]
    [InlineData("RUNNING", "requeue 11\n")]
    [InlineData("COMPLETING", "")]
    public void What_was_stopped_goes_into_the_queue_again_but_not_what_was_cancelled(string state, string expected)
    {
        Skip.If(OperatingSystem.IsWindows());
        StandIn("dlens-repro", "trap 'exit 130' TERM; touch begun; while :; do sleep 0.05; done");
        StandIn("squeue", $"echo {state}");
        StandIn("scontrol", "echo \"$@\"");

        string output = Bash(
            Write(Script()), task: "5", end: " & while [ ! -e begun ]; do sleep 0.05; done; kill -TERM $!; wait $!; printf %s $?");

        Assert.Equal($"{expected}130", output);
    }

    [Theory]
    [InlineData("--sbatch '--account=a b'", "--account=a b")]
    [InlineData("--sbatch '-A'", "-A")]
    [InlineData("--sbatch '--x='y''", "--x='y'")]
    [InlineData("--sbatch '--x=$y'", "--x=$y")]
    public void An_option_that_a_line_cannot_hold_is_refused(string named, string option)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() =>
            SlurmScript.Of(Job, new SlurmOptions(null, null, [option], "/")));

        Assert.StartsWith(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_that_looks_like_the_end_of_the_report_does_not_end_it() =>
        Assert.Contains("<<'END_OF_REPORT_'", SlurmScript.Of(
            Job with { Arguments = ["run", "x\nEND_OF_REPORT\n"] }, new SlurmOptions(null, null, [], "/")), StringComparison.Ordinal);

    private string Script() => SlurmScript.Of(Job, new SlurmOptions("gpu", "2:00:00", ["--account=lens"], _folder));

    private string Write(string script)
    {
        string path = Path.Combine(_folder, "job.sh");
        File.WriteAllText(path, script);
        return path;
    }

    private void StandIn(string name, string body)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Bash(string script, string? task, string end = "")
    {
        ProcessStartInfo start = new("/bin/bash", ["-c", $"bash '{script}'{end}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        start.Environment["SLURM_ARRAY_TASK_ID"] = task;
        start.Environment["SLURM_JOB_ID"] = "11";
        using Process bash = Process.Start(start)!;
        return bash.StandardOutput.ReadToEnd();
    }
}
