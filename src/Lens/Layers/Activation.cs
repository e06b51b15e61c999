using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Layers;

/// <summary>Activation functions by the names that configs give them.</summary>
internal static class Activation
{
    /// <summary>The names.</summary>
    public static readonly string[] Names = ["silu", "gelu", "gelu_new", "quick_gelu"];

    /// <summary>The function called <paramref name="name"/> in a config's <paramref name="key"/>.</summary>
    /// <exception cref="BadInputException">No supported checkpoint uses that name.</exception>
    public static Func<Tensor, Tensor> Named(string name, string key) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "gelu" => x => nn.functional.gelu(x),
        "quick_gelu" => QuickGelu,
        "gelu_new" => TanhGelu,
        _ => throw new BadInputException($"{key}: activation '{name}' is not supported; known are {string.Join(", ", Names)}"),
    };

    /// <summary>OpenAI CLIP's approximation of GELU: <c>x · σ(1.702 x)</c>.</summary>
    private static Tensor QuickGelu(Tensor x)
    {
        using Tensor gate = x.Times(1.702).sigmoid();
        return x.mul(gate);
    }

    /// <summary>GELU by hyperbolic tangent (arXiv 1606.08415, section 2): <c>x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))</c>.</summary>
    private static Tensor TanhGelu(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bent = x.PlusScaled(x.mul(x).mul(x), 0.044715).Times(Math.Sqrt(2 / Math.PI)).tanh();
        return x.Times(0.5).mul(bent.Plus(1)).MoveToOuterDisposeScope();
    }
}
