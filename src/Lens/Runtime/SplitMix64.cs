namespace DiffusionLens.Runtime;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET (Steele, Lea, Flood: Fast Splittable Pseudorandom
/// Number Generators, 2014). One owner, one thread.
/// </summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Spreads a number over all 64 bits; one to one.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Even over 0 (included) to 1 (excluded).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Even over <paramref name="low"/> (included) to <paramref name="high"/> (excluded).</summary>
    public double Between(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A whole number, even over <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Whole(int low, int high) => low + (int)(NextDouble() * (high - low + 1));

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;
}
