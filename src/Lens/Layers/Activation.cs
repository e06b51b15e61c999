using Lens.Runtime;
using static TorchSharp.torch;

namespace Lens.Layers;

/// <summary>Activation functions by the names that configs give them.</summary>
internal static class Activation
{
    /// <summary>The function called <paramref name="name"/> in a config's <paramref name="key"/>.</summary>
    /// <exception cref="BadInputException">No supported checkpoint uses that name.</exception>
    public static Func<Tensor, Tensor> Named(string name, string key) => name switch
    {
        "silu" or "swish" => x => nn.functional.silu(x),
        "gelu" => x => nn.functional.gelu(x),
        "quick_gelu" => QuickGelu,
        _ => throw new BadInputException($"{key}: activation '{name}' is not supported; known are silu, gelu, quick_gelu"),
    };

    /// <summary>OpenAI CLIP's approximation of GELU: <c>x · σ(1.702 x)</c>.</summary>
    private static Tensor QuickGelu(Tensor x)
    {
        using Tensor gate = x.Times(1.702).sigmoid();
        return x.mul(gate);
    }
}
