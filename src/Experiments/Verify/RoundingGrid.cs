using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Experiments.Verify;

/// <summary>
/// Rounds a tensor to six significant digits of its largest magnitude so that its hash survives last-bit noise. Processors and thread
/// counts add up sums in different orders, so values move by some 1e-14; a value on a rounding edge would then flip the hash, and among
/// thousands of values one always lies near an edge of a fixed grid. So the grid is moved: the remainders of all values lie on a circle,
/// and the edges are put in the middle of the widest gap between them, where no value is. The grid is chosen once, when the golden
/// file is written, and kept in it; checking rounds by the stored grid.
/// </summary>
/// <param name="Step">Distance between two edges: a power of ten.</param>
/// <param name="Edge">Where the edges lie between multiples of the step, 0..1 steps.</param>
/// <param name="Clearance">How far the nearest value was from an edge, relative to the largest magnitude.</param>
internal sealed record RoundingGrid(double Step, double Edge, double Clearance)
{
    private const int SignificantDigits = 6;

    /// <summary>The grid whose edges lie as far from all values as they can.</summary>
    /// <param name="values">Finite.</param>
    public static RoundingGrid For(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        double step = largest == 0 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(largest)) - (SignificantDigits - 1));
        double[] remainders = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double steps = values[i] / step;
            remainders[i] = steps - Math.Floor(steps);
        }

        Array.Sort(remainders);
        (double from, double width) = (remainders[^1], remainders[0] + 1 - remainders[^1]);
        for (int i = 1; i < remainders.Length; i++)
        {
            if (remainders[i] - remainders[i - 1] > width)
            {
                (from, width) = (remainders[i - 1], remainders[i] - remainders[i - 1]);
            }
        }

        double middle = from + (width / 2);
        return new RoundingGrid(step, middle - Math.Floor(middle), largest == 0 ? 1 : width / 2 * step / largest);
    }

    /// <summary>SHA-256 of the shape and the rounded values, its first 128 bits in hexadecimal.</summary>
    /// <param name="shape">The tensor's dimensions.</param>
    /// <param name="values">Its values, row by row.</param>
    public string Hash(ReadOnlySpan<long> shape, ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[(shape.Length + values.Length) * sizeof(long)];
        for (int i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), shape[i]);
        }

        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((shape.Length + i) * sizeof(long)), Cell(values[i]));
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes)[..16]);
    }

    // What is not finite has a cell of its own, so that it never passes for a number.
    private long Cell(double value) => double.IsFinite(value) ? (long)Math.Floor((value / Step) - Edge) : long.MinValue;
}
