using DiffusionLens.Runtime;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>The generators of a batch, one for each image: what an image gets does not depend on its company.</summary>
internal sealed class BatchNoise(IEnumerable<ulong> seeds) : IDisposable
{
    private readonly Noise[] _noises = [.. seeds.Select(seed => new Noise(seed))];

    /// <summary>The next draw of every image, <c>[1, ...]</c> each → <c>[B, ...]</c>.</summary>
    public Tensor Draw(Func<Noise, Tensor> draw) => cat([.. _noises.Select(draw)], 0);

    public void Dispose() => Array.ForEach(_noises, noise => noise.Dispose());
}
