namespace Experiments.Clusters;

/// <summary>What Slurm alone wants to know, as <c>sbatch</c> takes it.</summary>
/// <param name="Partition">Where to run; null: Slurm's default.</param>
/// <param name="Time">The limit of one shard; null: the partition's.</param>
/// <param name="Further">Further options, such as <c>--account=lens</c>, for images and report alike.</param>
/// <param name="Folder">The folder to run in.</param>
internal sealed record SlurmOptions(string? Partition, string? Time, IReadOnlyList<string> Further, string Folder);
