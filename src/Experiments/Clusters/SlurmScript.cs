using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Clusters;

/// <summary>
/// A script for Slurm: an array of shards, and a job that follows it with all that comes after images. Run by a shell it submits both;
/// <c>sbatch</c> takes it for the array alone.
/// </summary>
internal static partial class SlurmScript
{
    /// <summary>How long before its limit a shard is asked to stop.</summary>
    private const int SecondsToStop = 90;

    /// <summary>A shard that was stopped so often is not put into the queue again.</summary>
    private const int MostRestarts = 100;

    /// <summary>Writes the script.</summary>
    /// <exception cref="BadInputException">An option of sbatch has something in it that its lines cannot hold.</exception>
    public static string Of(ClusterJob job, SlurmOptions options)
    {
        string[] common = [.. Options(job, options)];
        string report = $$"""
            #!/bin/bash
            #SBATCH --job-name={{job.Name}}-report
            {{Lines([.. common, .. Gpus(job.ReportGpus)])}}
            #SBATCH --output={{job.Name}}-report-%j.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            {{Start(job, options)}}
            exec {{Command(job)}}
            """;
        string end = "END_OF_REPORT";
        while (report.Contains(end, StringComparison.Ordinal))
        {
            end += "_";
        }

        string script = $$"""
            #!/bin/bash
            # Makes the images in {{job.Shards}} shards, then answers to report in a job that follows. To submit both: bash THIS-FILE
            # ('sbatch THIS-FILE' submits the images alone). A shard that is stopped or whose node fails goes on from what is there.
            #SBATCH --job-name={{job.Name}}
            #SBATCH --array=1-{{job.Shards}}{{(job.AtOnce is { } most ? $"%{most}" : "")}}
            {{Lines([.. common, .. Gpus(job.Gpus)])}}
            #SBATCH --output={{job.Name}}-%A-%a.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            #SBATCH --signal=B:TERM@{{SecondsToStop}}

            if [ -z "$SLURM_ARRAY_TASK_ID" ]; then
              images=$(sbatch --parsable "$0") || exit
              report=$(sbatch --parsable --dependency="afterok:${images%%;*}" --kill-on-invalid-dep=yes <<'{{end}}'
            {{report}}
            {{end}}
              ) || exit
              echo "images: job ${images%%;*}; report, when all of its tasks are done: job ${report%%;*}"
              exit
            fi

            {{Start(job, options)}}
            # The shell is told {{SecondsToStop}} seconds before the limit, and tells the program, which ends with 130, to go on later.
            trap 'kill -TERM "$run"' TERM
            {{Command(job)}} --shard "$SLURM_ARRAY_TASK_ID/{{job.Shards}}" &
            run=$!
            while kill -0 "$run" 2> /dev/null; do
              wait "$run"
            done
            wait "$run"
            code=$?
            # What was cancelled is not running any more, and stays so.
            state=$(squeue -h -j "$SLURM_JOB_ID" -o %T)
            if [ "$code" = 130 ] && [ "$state" = RUNNING ] && [ "${SLURM_RESTART_COUNT:-0}" -lt {{MostRestarts}} ]; then
              scontrol requeue "$SLURM_JOB_ID"
            fi
            exit "$code"

            """;
        return script.ReplaceLineEndings("\n");
    }

    private static string Start(ClusterJob job, SlurmOptions options) => $"""
        export OMP_NUM_THREADS={job.Cpus}
        cd {ShellWords.Quote(options.Folder)} || exit 2
        """;

    private static string Command(ClusterJob job) => ShellWords.Join([.. job.Program, .. job.Arguments]);

    private static IEnumerable<string> Options(ClusterJob job, SlurmOptions options) =>
    [
        .. options.Partition is { } partition ? new[] { Checked("--partition", partition) } : [],
        .. options.Time is { } time ? new[] { Checked("--time", time) } : [],
        string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={job.Cpus}"),
        .. job.Memory is { } memory ? new[] { Memory(memory) } : [],
        .. options.Further.Select(Further),
    ];

    private static string[] Gpus(int number) => number > 0 ? [$"--gpus={number}"] : [];

    private static string Lines(IEnumerable<string> options) => string.Join('\n', options.Select(option => $"#SBATCH {option}"));

    private static string Further(string option) => FurtherForm().IsMatch(option)
        ? option
        : throw new BadInputException(
            $"--sbatch '{option}': give an option as --NAME or --NAME=VALUE, without blanks and quotes, such as --sbatch=--account=lens");

    private static string Memory(string size) => MemoryForm().IsMatch(size)
        ? $"--mem={size}"
        : throw new BadInputException($"--memory '{size}': is no size of Slurm; give one such as 32G");

    private static string Checked(string name, string value) => ValueForm().IsMatch(value)
        ? $"{name}={value}"
        : throw new BadInputException($"{name} '{value}': has a letter that a line of #SBATCH cannot hold; give a plain value");

    [GeneratedRegex(@"^[A-Za-z0-9_.,:;=+%@\[\]&|*!()/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ValueForm();

    [GeneratedRegex(@"^[0-9]+[KMGT]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryForm();

    [GeneratedRegex(@"^--[a-z][a-z0-9-]*(?:=[A-Za-z0-9_.,:;=+%@\[\]&|*!()/-]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FurtherForm();
}
