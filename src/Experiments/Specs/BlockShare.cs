using DiffusionLens;

namespace Experiments.Specs;

/// <summary>A block at a share of an encoder's depth, left out or repeated: <c>3/12</c> is block 6 of 24.</summary>
/// <param name="Part">The numerator, from 1 to <paramref name="Of"/>.</param>
/// <param name="Of">The denominator.</param>
/// <param name="Times">0 leaves the block out, 2 repeats it.</param>
internal sealed record BlockShare(int Part, int Of, int Times)
{
    /// <summary>As a part of a site's key, before the depth is known.</summary>
    public string Key => $"{Part}of{Of}{(Times == 0 ? "" : $"x{Times}")}";

    /// <summary>The block of an encoder that is read at <paramref name="depth"/>: the nearest to the share, 1 at least.</summary>
    public SiteSkip At(int depth) => new(Math.Max(1, ((2 * Part * depth) + Of) / (2 * Of)), Times);
}
