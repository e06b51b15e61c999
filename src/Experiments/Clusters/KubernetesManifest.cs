using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Clusters;

/// <summary>
/// Two Jobs for Kubernetes: an Indexed one whose pods make a shard each, and one that makes all that follows, suspended until it is told to
/// begin. Kubernetes has no job that waits for another.
/// </summary>
internal static partial class KubernetesManifest
{
    private const string Folder = "/work", Container = "dlens-repro", Resume = """{"spec": {"suspend": false}}""";

    /// <summary>How often a shard is tried again; evictions and failures of nodes do not count.</summary>
    private const int Retries = 3;

    /// <summary>How long a pod may take from SIGTERM to its end: a step of the sampler and writing what is made.</summary>
    private const int SecondsToStop = 90;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the manifest.</summary>
    /// <exception cref="BadInputException">A name is none that Kubernetes takes.</exception>
    public static string Of(ClusterJob job, KubernetesOptions options)
    {
        Require(options);
        if (job.Memory is { } memory && !Quantity().IsMatch(memory))
        {
            throw new BadInputException($"--memory '{memory}': is no quantity of Kubernetes; give one such as 32Gi");
        }

        return $$"""
            # The images in {{job.Shards}} shards, then answers to report. Spec, model and results are named as they lie on the claim,
            # which is {{Folder}} in the pods. To run both:
            #   kubectl apply -f THIS-FILE
            #   kubectl wait --for=condition=complete --timeout=-1s job/{{job.Name}}
            #   kubectl patch job/{{job.Name}}-report --type=merge -p '{{Resume}}'
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{Quote(job.Name)}}
            spec:
              completionMode: Indexed
              completions: {{job.Shards}}
              parallelism: {{job.AtOnce ?? job.Shards}}
              backoffLimitPerIndex: {{Retries}}
              podFailurePolicy:
                rules:
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  # Bad input is not mended by trying again.
                  - action: FailIndex
                    onExitCodes:
                      containerName: {{Container}}
                      operator: In
                      values: [2]
            {{Pod(job, options, [.. job.Arguments, "--shard", "kubernetes"], job.Gpus, job.Shards)}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{Quote($"{job.Name}-report")}}
            spec:
              suspend: true
              backoffLimit: {{Retries}}
              podFailurePolicy:
                rules:
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  - action: FailJob
                    onExitCodes:
                      containerName: {{Container}}
                      operator: In
                      values: [2]
            {{Pod(job, options, job.Arguments, job.ReportGpus, completions: null)}}

            """.ReplaceLineEndings("\n");
    }

    private static string Pod(ClusterJob job, KubernetesOptions options, IReadOnlyList<string> arguments, int gpus, int? completions)
    {
        string[] amounts =
        [
            $"cpu: {Quote($"{job.Cpus}")}",
            .. job.Memory is { } memory ? new[] { $"memory: {Quote(memory)}" } : [],
        ];
        string variable = completions is not { } all ? ""
            : $"            - name: JOB_COMPLETIONS\n              value: {Quote(all.ToString(CultureInfo.InvariantCulture))}\n";
        string[] limits = [.. amounts, .. gpus > 0 ? new[] { $"nvidia.com/gpu: {Quote($"{gpus}")}" } : []];
        return $$"""
              template:
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: {{SecondsToStop}}
            {{Selector(options)}}      containers:
                    - name: {{Container}}
                      image: {{Quote(options.Image)}}
                      command: [{{List(job.Program)}}]
                      args: [{{List(arguments)}}]
                      workingDir: {{Folder}}
                      env:
                        - name: OMP_NUM_THREADS
                          value: {{Quote(job.Cpus.ToString(CultureInfo.InvariantCulture))}}
            {{variable}}          resources:
                        requests:
            {{Lines(amounts)}}
                        limits:
            {{Lines(limits)}}
                      volumeMounts:
                        - name: work
                          mountPath: {{Folder}}
                  volumes:
                    - name: work
                      persistentVolumeClaim:
                        claimName: {{Quote(options.Claim)}}
            """;
    }

    private static string Selector(KubernetesOptions options) => options.NodeSelector.Count == 0 ? ""
        : "      nodeSelector:\n"
            + string.Concat(options.NodeSelector.Select(label => $"        {Quote(label.Key)}: {Quote(label.Value)}\n"));

    private static string Lines(IEnumerable<string> amounts) => string.Join('\n', amounts.Select(amount => $"              {amount}"));

    // The kubelet takes $(NAME) for a variable and $$ for one dollar.
    private static string List(IEnumerable<string> words) =>
        string.Join(", ", words.Select(word => Quote(word.Replace("$", "$$", StringComparison.Ordinal))));

    // A string of JSON is one of YAML too.
    private static string Quote(string text) => JsonSerializer.Serialize(text, Json);

    private static void Require(KubernetesOptions options)
    {
        if (options.Image.Length == 0 || options.Image.Any(char.IsWhiteSpace))
        {
            throw new BadInputException($"--image '{options.Image}': is no image; give one such as registry.example.org/dlens-repro:0.1");
        }

        if (!Name().IsMatch(options.Claim))
        {
            throw new BadInputException(
                $"--claim '{options.Claim}': is no name of a PersistentVolumeClaim; those have a-z, 0-9, - and ., such as lens-results");
        }
    }

    [GeneratedRegex(@"^[0-9]+(?:\.[0-9]+)?(?:[KMGT]i|[kMGT])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
