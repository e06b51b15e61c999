using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads where a condition looks: today whether through the final norm.</summary>
internal static class SiteSection
{
    /// <summary>Reads it.</summary>
    /// <param name="finalNorm">What stands under <c>final norm</c>, or null.</param>
    /// <returns>The site, at layer 0.</returns>
    /// <exception cref="BadInputException">It is neither yes nor no.</exception>
    public static LensSite Read(Node? finalNorm) => new(Layer: 0)
    {
        Norm = finalNorm?.OneOf("answer about the final norm", ["yes", "no"]) == "no" ? SiteNorm.None : SiteNorm.Native,
    };
}
