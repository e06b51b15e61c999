namespace Experiments.Clusters;

/// <summary>What Kubernetes alone wants to know.</summary>
/// <param name="Image">The container image with the program.</param>
/// <param name="Claim">The PersistentVolumeClaim with spec, model and results, which all pods share.</param>
/// <param name="NodeSelector">Labels of nodes, such as <c>nvidia.com/gpu.product</c> with its value.</param>
internal sealed record KubernetesOptions(string Image, string Claim, IReadOnlyDictionary<string, string> NodeSelector);
