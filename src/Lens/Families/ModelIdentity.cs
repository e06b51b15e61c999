namespace DiffusionLens.Families;

/// <summary>
/// What of a model determines its images, by content: the tensors that are loaded and the configs and vocabularies in use. Where the files
/// lie, how tensors are spread over them, and what else is there do not enter.
/// </summary>
/// <param name="Sha256">One hash of all, 64 hexadecimal digits.</param>
/// <param name="Parts">The hash of each part, by its name (of a cascade's later stages after the stage's number, <c>2/unet</c>).</param>
public sealed record ModelIdentity(string Sha256, IReadOnlyDictionary<string, string> Parts);
