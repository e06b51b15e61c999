using DiffusionLens.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Training.Optimization;

/// <summary>
/// Starting values by a parameter's name and shape, from one seeded generator: norms scale by 1, biases are 0, weights are normal with
/// variance 1 / inputs, and what ends a residual branch starts small, so that blocks begin near the identity.
/// </summary>
internal static class InitialValues
{
    /// <param name="network">Every parameter of it is set.</param>
    /// <param name="seed">Same seed, same values.</param>
    /// <param name="standardDeviation">Overrides by name; null keeps the rule.</param>
    public static void Set(nn.Module network, long seed, Func<string, double?>? standardDeviation = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using Generator generator = new((ulong)seed, CPU);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                using Scalar value = name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1;
                parameter.fill_(value);
                continue;
            }

            long inputs = parameter.numel() / parameter.shape[0];
            double deviation = standardDeviation?.Invoke(name) ?? Math.Sqrt(1.0 / inputs) * (EndsBranch(name) ? 0.25 : 1);
            parameter.copy_(randn(parameter.shape, generator: generator).Times(deviation));
        }
    }

    private static bool EndsBranch(string name)
        => name.Contains("conv2.", StringComparison.Ordinal) || name.Contains("to_out.", StringComparison.Ordinal)
        || name.Contains("proj_out.", StringComparison.Ordinal) || name.Contains("out_proj.", StringComparison.Ordinal)
        || name.Contains("fc2.", StringComparison.Ordinal) || name.Contains("ff.net.2.", StringComparison.Ordinal);
}
