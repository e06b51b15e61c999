using System.Globalization;

namespace DiffusionLens;

/// <summary>An encoder's block that runs another number of times than once.</summary>
/// <param name="Block">The block, from 1: block l makes h^l of h^(l-1).</param>
/// <param name="Times">How often it runs: 0 leaves it out, 2 repeats it.</param>
public readonly record struct SiteSkip(int Block, int Times = 0)
{
    internal string Key => string.Create(CultureInfo.InvariantCulture, $"{Block}{(Times == 0 ? "" : $"x{Times}")}");
}
