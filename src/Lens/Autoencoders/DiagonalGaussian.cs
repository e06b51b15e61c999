using static TorchSharp.torch;

namespace DiffusionLens.Autoencoders;

/// <summary>A normal distribution with independent coordinates.</summary>
/// <param name="Mean">Means, any shape.</param>
/// <param name="LogVariance">Logarithms of the variances, -30..20, same shape.</param>
public sealed record DiagonalGaussian(Tensor Mean, Tensor LogVariance) : IDisposable
{
    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Mean.Dispose();
        LogVariance.Dispose();
    }
}
