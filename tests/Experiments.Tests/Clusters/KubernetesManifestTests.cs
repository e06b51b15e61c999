using DiffusionLens;
using Experiments.Clusters;
using k8s;
using k8s.Models;

namespace Experiments.Tests.Clusters;

/// <summary>The printed Jobs, read by Kubernetes' own client with unknown fields refused. No cluster has run them.</summary>
public sealed class KubernetesManifestTests
{
    private static readonly ClusterJob Job = new()
    {
        Name = "colors",
        Program = ["dlens-repro"],
        Arguments = ["run", "colors", "--source", "a $(HOME) $$ \"it's\"\n: #é"],
        Shards = 64,
        Gpus = 1,
        Cpus = 8,
        Memory = "32Gi",
        AtOnce = 16,
    };

    private static readonly KubernetesOptions Options = new(
        "registry.example.org/dlens-repro:0.1", "lens", new Dictionary<string, string> { ["nvidia.com/gpu.product"] = "yes" });

    [Fact]
    public void The_images_are_an_Indexed_Job_in_which_bad_input_is_final_and_an_eviction_does_not_count()
    {
        V1Job images = Read(KubernetesManifest.Of(Job, Options))[0];

        Assert.Equal(("batch/v1", "Job", "colors"), (images.ApiVersion, images.Kind, images.Metadata.Name));
        V1JobSpec spec = images.Spec;
        Assert.Equal(("Indexed", 64, 16, 3), (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.BackoffLimitPerIndex));
        V1PodFailurePolicyRule[] rules = [.. images.Spec.PodFailurePolicy.Rules];
        Assert.Equal(["Ignore", "FailIndex"], rules.Select(rule => rule.Action));
        Assert.Equal(("DisruptionTarget", "True"), (rules[0].OnPodConditions[0].Type, rules[0].OnPodConditions[0].Status));
        Assert.Equal("In", rules[1].OnExitCodes.OperatorProperty);
        Assert.Equal([2], rules[1].OnExitCodes.Values);
        V1PodSpec pod = images.Spec.Template.Spec;
        Assert.Equal(("Never", 90), (pod.RestartPolicy, pod.TerminationGracePeriodSeconds));
        Assert.Equal("yes", pod.NodeSelector["nvidia.com/gpu.product"]);
        Assert.Equal("lens", pod.Volumes[0].PersistentVolumeClaim.ClaimName);
        V1Container container = Assert.Single(pod.Containers);
        Assert.Equal(rules[1].OnExitCodes.ContainerName, container.Name);
        Assert.Equal(pod.Volumes[0].Name, container.VolumeMounts[0].Name);
        Assert.Equal(container.WorkingDir, container.VolumeMounts[0].MountPath);
        Assert.Equal(
            [("OMP_NUM_THREADS", "8"), ("JOB_COMPLETIONS", "64")], container.Env.Select(variable => (variable.Name, variable.Value)));
        Assert.Equal(
            ["cpu 8", "memory 32Gi", "nvidia.com/gpu 1"], container.Resources.Limits.Select(limit => $"{limit.Key} {limit.Value}").Order());
    }

    [Fact]
    public void Every_argument_comes_through_yaml_and_the_kubelets_variables_as_it_was_given()
    {
        V1Container container = Read(KubernetesManifest.Of(Job, Options))[0].Spec.Template.Spec.Containers[0];

        Assert.Equal(["dlens-repro"], container.Command);
        Assert.Equal([.. Job.Arguments, "--shard", "kubernetes"], container.Args.Select(Expanded));

        // As the kubelet does where no such variable is set: $$ is one dollar.
        static string Expanded(string argument) => argument.Replace("$$", "$", StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_a_Job_of_the_whole_that_waits_to_be_told()
    {
        V1Job report = Read(KubernetesManifest.Of(Job, Options))[1];

        Assert.Equal(("colors-report", true, null), (report.Metadata.Name, report.Spec.Suspend, report.Spec.CompletionMode));
        Assert.Equal("FailJob", report.Spec.PodFailurePolicy.Rules[1].Action);
        V1Container container = report.Spec.Template.Spec.Containers[0];
        Assert.DoesNotContain("--shard", container.Args);
        Assert.DoesNotContain("nvidia.com/gpu", container.Resources.Limits.Keys);
    }

    [Fact]
    public void A_report_that_computes_on_graphics_cards_asks_for_them()
    {
        V1Job report = Read(KubernetesManifest.Of(Job with { ReportGpus = 1 }, Options))[1];

        Assert.Equal("1", report.Spec.Template.Spec.Containers[0].Resources.Limits["nvidia.com/gpu"].ToString());
    }

    [Fact]
    public void The_client_would_refuse_a_field_that_the_schema_has_not() => Assert.ThrowsAny<Exception>(() =>
        Read(KubernetesManifest.Of(Job, Options).Replace("completionMode:", "completionModes:", StringComparison.Ordinal)));

    [Theory]
    [InlineData("--image ''", "", "lens", null)]
    [InlineData("--image 'a b'", "a b", "lens", null)]
    [InlineData("--claim 'Lens'", "x", "Lens", null)]
    [InlineData("--memory '32GB'", "x", "lens", "32GB")]
    public void What_Kubernetes_would_not_take_is_refused(string named, string image, string claim, string? memory)
    {
        BadInputException problem = Assert.Throws<BadInputException>(() =>
            KubernetesManifest.Of(Job with { Memory = memory }, new KubernetesOptions(image, claim, new Dictionary<string, string>())));

        Assert.StartsWith(named, problem.Message, StringComparison.Ordinal);
    }

    private static V1Job[] Read(string manifest) =>
        [.. KubernetesYaml.LoadAllFromString(manifest, typeMap: null, strict: true).Cast<V1Job>()];
}
