namespace DiffusionLens.Weights.SingleFiles;

/// <summary>What the user says of a model in a single file, which the file itself may not tell.</summary>
/// <param name="Kind">Its kind; null: what its tensors' names and shapes tell.</param>
/// <param name="ConfigFolder">
/// A diffusers folder whose configs and tokenizer belong to the file, for other shapes than the published ones; weights need not be in it.
/// Null: those of the kind.
/// </param>
public sealed record SingleFileOptions(CheckpointKind? Kind = null, string? ConfigFolder = null);
