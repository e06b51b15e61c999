using DiffusionLens.Runtime;
using DiffusionLens.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>A network of a model's folder that is in memory from its first use until it is freed. Not for several threads.</summary>
internal sealed class LazyNetwork<T> : IDisposable
    where T : nn.Module
{
    private readonly Func<T> _load;
    private T? _network;

    /// <summary>
    /// Checks names and shapes of all weights: what would be found wrong when the network's turn comes, hours later perhaps, is found now.
    /// </summary>
    /// <param name="folder">The model.</param>
    /// <param name="part">Whose network.</param>
    /// <param name="build">Builds it, without values.</param>
    /// <param name="placement">Where and in which type it is to be.</param>
    /// <param name="variant">Which files are taken.</param>
    /// <exception cref="BadInputException">The weights are missing, damaged, or not of this network.</exception>
    public LazyNetwork(ModelFolder folder, string part, Func<Placement, T> build, Placement placement, string? variant)
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightFiles weights = folder.OpenWeights(part, variant);
        weights.Check(weights.Shaped(build));
        _load = () => build(placement).FilledFrom(folder, part, variant);
    }

    /// <summary>Whether it is in memory.</summary>
    public bool IsLoaded => _network is not null;

    /// <summary>The network, loaded where it is not.</summary>
    /// <exception cref="BadInputException">A file has changed since it was checked.</exception>
    public T Value => _network ??= _load();

    /// <summary>Gives its memory back, until it is used again.</summary>
    public void Free()
    {
        if (_network is not null)
        {
            _network.Dispose();
            _network = null;
            NativeRuntime.ReturnFreeMemory();
        }
    }

    public void Dispose() => Free();
}
