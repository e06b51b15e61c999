using System.Text;
using DiffusionLens.Runtime;

namespace MiniWorld.Scenes;

/// <summary>Whether pairs of words that are held out from training may occur in a sampler's scenes.</summary>
public enum PairRule
{
    /// <summary>All pairs occur.</summary>
    Any,

    /// <summary>No scene has a held-out pair: what models are trained on.</summary>
    Seen,

    /// <summary>Every scene has a held-out pair; scenes without pairs do not occur.</summary>
    HeldOut,
}

/// <summary>
/// The pairs that no training ever sees together: a tenth of all pairs of a color and a thing, of two things, and of a thing and
/// its container or surface. Which ones is a function of the two words alone, in any order, and the same on every machine for good.
/// </summary>
public static class HeldOutPairs
{
    /// <summary>Is this pair held out? A tenth of all pairs is.</summary>
    public static bool Contains(string first, string second)
    {
        (string low, string high) = string.CompareOrdinal(first, second) <= 0 ? (first, second) : (second, first);
        return StableHash($"{low}\n{high}") % 10 == 0;
    }

    /// <summary>Does this scene hold such a pair: a color and its thing, or its two objects?</summary>
    public static bool AreIn(IReadOnlyList<SceneObject> objects) =>
        objects.Any(o => o.Color is not null && Contains(o.Color, o.Word))
        || (objects is [var first, var second] && Contains(first.Word, second.Word));

    // FNV-1a of the UTF-8 bytes, then SplitMix64's finalizer: FNV's low digits alone are not even.
    private static ulong StableHash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 1099511628211;
        }
        return SplitMix64.Mix(hash);
    }
}
