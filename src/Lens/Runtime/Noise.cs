using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>
/// Normal draws from torch's own CPU generator, in float32 whatever the run's type: a seed gives the sequence that
/// <c>torch.randn(shape, generator=torch.Generator().manual_seed(seed))</c> gives, on every device. (Its last bit or two
/// depend on torch's vector instructions.)
/// </summary>
public sealed class Noise : IDisposable
{
    private readonly Generator _generator;

    /// <summary>Starts the sequence of a seed.</summary>
    /// <param name="seed">Any; torch's CPU generator takes notice of the lower 32 bits alone.</param>
    public Noise(ulong seed) => _generator = new Generator(seed, CPU);

    /// <summary>The first draw of a seed's sequence.</summary>
    /// <param name="seed">Any.</param>
    /// <param name="shape">The tensor's shape; 16 or more elements are drawn by another algorithm than fewer.</param>
    public static Tensor Normal(ulong seed, params long[] shape)
    {
        using Noise noise = new(seed);
        return noise.Next(shape);
    }

    /// <summary>The sequence's next draw: float32, on the CPU.</summary>
    /// <param name="shape">The tensor's shape.</param>
    public Tensor Next(params long[] shape) => randn(shape, ScalarType.Float32, CPU, generator: _generator);

    /// <summary>Frees the generator.</summary>
    public void Dispose() => _generator.Dispose();
}
