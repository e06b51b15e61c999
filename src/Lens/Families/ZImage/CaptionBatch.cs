using DiffusionLens.Pipelines;
using static TorchSharp.torch;

namespace DiffusionLens.Families.ZImage;

/// <summary>
/// The captions of a batch. They differ in length, and their length moves the image's positions: samples of the same caption go through the
/// denoiser together.
/// </summary>
/// <param name="Captions">Each refined, <c>[1, N, width]</c>.</param>
/// <param name="Rows">Which caption each sample has.</param>
internal sealed record CaptionBatch(IReadOnlyList<Tensor> Captions, IReadOnlyList<long> Rows) : JointTextBatch(Captions[0], Pooled: null)
{
    /// <summary>The batch's last samples alone.</summary>
    public CaptionBatch Last(int samples) => this with { Rows = [.. Rows.TakeLast(samples)] };

    /// <summary>A caption and the places of its samples in the batch.</summary>
    public IEnumerable<(Tensor Caption, long[] Samples)> Groups()
        => Rows.Select((row, sample) => (row, sample)).GroupBy(pair => pair.row, pair => (long)pair.sample)
            .Select(group => (Captions[(int)group.Key], group.ToArray()));
}
