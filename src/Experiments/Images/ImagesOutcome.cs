namespace Experiments.Images;

/// <summary>What the stage did.</summary>
/// <param name="Kept">Planned pictures that were there already.</param>
/// <param name="Made">Pictures made where there were none.</param>
/// <param name="Replaced">Pictures made again, because the ones there were made otherwise (or by force).</param>
public sealed record ImagesOutcome(int Kept, int Made, int Replaced);
