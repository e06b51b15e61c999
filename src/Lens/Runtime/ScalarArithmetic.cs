using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionLens.Runtime;

/// <summary>
/// Tensor arithmetic with plain numbers. TorchSharp 0.107 turns <c>x * 0.5</c> into a native scalar that nothing holds during the
/// native call, so a collection in that moment frees it: here every scalar lives until its call has returned.
/// </summary>
internal static class ScalarArithmetic
{
    /// <summary>The factor of what is added, which <c>add(y)</c> makes anew each time and nothing holds.</summary>
    public static readonly Scalar One = 1;

    private static readonly Scalar Two = 2;

    /// <summary><c>x · factor</c>, any shape.</summary>
    public static Tensor Times(this Tensor x, double factor)
    {
        using Scalar scalar = factor;
        return x.mul(scalar);
    }

    /// <summary><c>x + term</c>, any shape.</summary>
    public static Tensor Plus(this Tensor x, double term)
    {
        using Scalar scalar = term;
        return x.add(scalar, One);
    }

    /// <summary><c>x + term</c>, any shape; whoever calls holds the term.</summary>
    public static Tensor Plus(this Tensor x, Scalar term) => x.add(term, One);

    /// <summary><c>x + y</c>, shapes broadcast.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary><c>x + factor · y</c>, shapes broadcast.</summary>
    public static Tensor PlusScaled(this Tensor x, Tensor y, double factor)
    {
        using Scalar scalar = factor;
        return x.add(y, scalar);
    }

    /// <summary><c>x²</c>, any shape; <c>square()</c> makes its exponent anew each time and nothing holds it.</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Two);

    /// <summary>Values cut to <c>low..high</c>, any shape.</summary>
    public static Tensor ClampTo(this Tensor x, double low, double high)
    {
        using Scalar lowest = low, highest = high;
        return x.clamp(lowest, highest);
    }
}
