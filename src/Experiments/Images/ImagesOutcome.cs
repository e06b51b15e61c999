namespace Experiments.Images;

/// <summary>What the stage did.</summary>
/// <param name="Kept">Planned images that were there already.</param>
/// <param name="Made">Images made where there were none.</param>
/// <param name="Replaced">Images made again, because the ones there were made otherwise or were damaged (or by force).</param>
internal sealed record ImagesOutcome(int Kept, int Made, int Replaced)
{
    /// <summary>Files that were not whole, each with what was wrong with it.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];
}
