using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// The captions of a batch where they differ in length, and their length moves positions: samples of the same caption go through the
/// denoiser together.
/// </summary>
/// <param name="Captions">Each as the denoiser's tokens, <c>[1, N, width]</c>.</param>
/// <param name="Samples">Which caption each sample has.</param>
internal sealed record CaptionBatch(IReadOnlyList<Tensor> Captions, IReadOnlyList<long> Samples) : JointTextBatch(Captions[0], Pooled: null)
{
    /// <summary>The batch's last samples alone.</summary>
    public CaptionBatch Last(int samples) => this with { Samples = [.. Samples.TakeLast(samples)] };

    /// <summary>What a denoiser says of samples, caption by caption.</summary>
    /// <param name="latents"><c>[B, C, h, w]</c>.</param>
    /// <param name="forward">Of some of them and their caption, <c>[1, N, width]</c>.</param>
    public Tensor Predicted(Tensor latents, Func<Tensor, Tensor, Tensor> forward)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor predicted = empty_like(latents);
        foreach (IGrouping<long, long> alike in Samples.Select((row, sample) => (row, sample)).GroupBy(pair => pair.row, pair => (long)pair.sample))
        {
            Tensor places = tensor([.. alike], device: latents.device);
            predicted.index_copy_(0, places, forward(latents.index_select(0, places), Captions[(int)alike.Key]));
        }

        return predicted.MoveToOuterDisposeScope();
    }
}
