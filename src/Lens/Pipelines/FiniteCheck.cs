using DiffusionLens.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Pipelines;

/// <summary>
/// Refuses NaN and infinity where they first arise: an image of them is black, and says nothing. A check is one sum over values that the
/// denoiser took milliseconds to compute.
/// </summary>
internal static class FiniteCheck
{
    /// <summary>Whether no value of any of the tensors is NaN or infinite.</summary>
    /// <param name="tensors">On one device.</param>
    public static bool AreFinite(params ReadOnlySpan<Tensor> tensors)
    {
        // A sum of finite float32 values cannot leave float64's range, and keeps every NaN and infinity that goes into it. The device is
        // waited for once, not for each tensor.
        using DisposeScope scope = NewDisposeScope();
        Tensor sum = tensors[0].sum(ScalarType.Float64);
        foreach (Tensor tensor in tensors[1..])
        {
            sum = sum.Plus(tensor.sum(ScalarType.Float64));
        }

        return double.IsFinite(sum.ToDouble());
    }

    /// <summary>The error of values that are not finite.</summary>
    /// <param name="place">Where they arose, such as <c>the text encoder</c>.</param>
    /// <param name="computedIn">The type they were computed in.</param>
    /// <param name="damagedWeight">A weight that is itself not finite; null where all are.</param>
    /// <param name="otherwise">What helps where neither the type nor the weights are to blame.</param>
    public static BadInputException Error(string place, ScalarType computedIn, string? damagedWeight, string otherwise)
        => new($"NaN or infinity arose in {place}; " + (damagedWeight, computedIn) switch
        {
            (string weight, _) => $"the weights are damaged ({weight} is not finite); get them again",
            (_, ScalarType.Float16) => "float16 ends at 65504; compute in bfloat16 or float32",
            _ => otherwise,
        });

    /// <summary>The first parameter or buffer of a network that is not finite, by name; null where all are.</summary>
    public static string? DamagedWeightOf(nn.Module network)
        => network.named_parameters().Select(named => (Name: named.name, Tensor: (Tensor)named.parameter))
            .Concat(network.named_buffers().Select(named => (Name: named.name, Tensor: named.buffer)))
            .Where(weight => weight.Tensor.is_floating_point() && !AreFinite(weight.Tensor))
            .Select(weight => weight.Name)
            .FirstOrDefault();
}
