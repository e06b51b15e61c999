using System.Globalization;

namespace DiffusionLens;

/// <summary>An encoder's block that runs another number of times than once.</summary>
/// <param name="Block">The block, from 1: block l makes h^l of h^(l-1).</param>
/// <param name="Times">How often it runs: 0 leaves it out, 2 repeats it.</param>
public readonly record struct SiteSkip(int Block, int Times = 0)
{
    /// <summary>In the order of the blocks.</summary>
    /// <exception cref="ArgumentException">A block is there twice.</exception>
    internal static IReadOnlyList<SiteSkip> Ordered(IReadOnlyList<SiteSkip> skips)
        => skips.DistinctBy(skip => skip.Block).Count() == skips.Count
            ? [.. skips.OrderBy(skip => skip.Block)]
            : throw new ArgumentException("A block is left out or repeated once.", nameof(skips));

    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{Block}{(Times == 0 ? "" : $"x{Times}")}");
}
