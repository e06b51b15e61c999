using Experiments.Answers;

namespace Experiments.HuggingFace;

/// <summary>An image of a dataset, with what was asked about it.</summary>
/// <param name="FileName">Its file below the dataset's folder, with forward slashes.</param>
/// <param name="Source">Its file in the results folder.</param>
/// <param name="PixelHash">The <see cref="Images.PixelHash"/> of its pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="IsRight">Whether it shows what its prompt says, by the main annotator; null where missing answers could decide it.</param>
/// <param name="Answers">All that was asked about it; open questions have no answer. At least one.</param>
internal sealed record DatasetImage(
    string FileName, string Source, string PixelHash, int Width, int Height, bool? IsRight, IReadOnlyList<Answer> Answers)
{
    /// <summary>One of its lines, for what is the same in all of them: prompt, seed, layer, site.</summary>
    public Answer Any => Answers[0];
}
