using System.CommandLine;
using DiffusionLens;
using Experiments.Clusters;
using Experiments.Console;

namespace Experiments.Cli;

/// <summary><c>kubernetes SPEC</c>: prints Jobs that run an experiment on a cluster.</summary>
internal static class KubernetesCommand
{
    public static Command Make(Terminal terminal)
    {
        Option<string> image = new("--image")
        {
            Description = "The container image; see Containerfile.",
            HelpName = "IMAGE",
            Required = true,
        };
        Option<string> claim = new("--claim")
        {
            Description = "The PersistentVolumeClaim that all pods write to (ReadWriteMany), with spec, model and results on it.",
            HelpName = "NAME",
            Required = true,
        };
        Option<string[]> selector = new("--node-selector")
        {
            Description = "A label that nodes must have, so that they are of one kind; may be given several times.",
            HelpName = "KEY=VALUE",
        };
        ClusterOptions options = new("--shards", image, claim, selector);
        Command command = new DocumentedCommand(
            "kubernetes",
            "Prints Jobs for Kubernetes: an Indexed one whose pods make the images, and one after it for answers to report.",
            new Example(
                "dlens-repro kubernetes colors --shards 64 --gpus 1 --image IMAGE --claim lens --device cuda > colors-job.yaml",
                "write it; its first lines say how to run it"));
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            options.Run.Request(parsed);
            terminal.Output.Write(KubernetesManifest.Of(
                options.Job(parsed, ["dlens-repro"]),
                new KubernetesOptions(
                    parsed.GetRequiredValue(image), parsed.GetRequiredValue(claim), Labels(parsed.GetValue(selector) ?? []))));
        });
        return command;
    }

    private static Dictionary<string, string> Labels(string[] given)
    {
        Dictionary<string, string> labels = [];
        foreach (string label in given)
        {
            string[] parts = label.Split('=', 2);
            if (parts is not [{ Length: > 0 }, { Length: > 0 }] || !labels.TryAdd(parts[0], parts[1]))
            {
                throw new BadInputException($"--node-selector {label}: give each label once, as KEY=VALUE");
            }
        }

        return labels;
    }
}
