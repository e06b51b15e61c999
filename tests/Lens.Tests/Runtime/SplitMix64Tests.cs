using DiffusionLens.Runtime;

namespace DiffusionLens.Tests.Runtime;

public class SplitMix64Tests
{
    /// <summary>The first outputs for this seed of Sebastiano Vigna's public-domain splitmix64.c.</summary>
    [Fact]
    public void The_bits_are_those_of_the_reference_implementation()
    {
        SplitMix64 random = new(1234567);

        ulong[] drawn = [random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], drawn);
    }

    [Fact]
    public void Whole_numbers_reach_both_ends_and_nothing_beyond()
    {
        SplitMix64 random = new(1);

        int[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => random.Whole(3, 6)).Distinct().Order()];

        Assert.Equal([3, 4, 5, 6], drawn);
    }
}
