using DiffusionLens;

namespace Experiments.Verify;

/// <summary>
/// The sites whose conditionings a golden file holds, beside the paper's lens: one of each kind of thing that a site changes.
/// </summary>
internal static class GoldenSites
{
    private static readonly Dictionary<string, Func<string, int, LensSite>> Known = new()
    {
        ["last word alone"] = (prompt, last) => new LensSite(last / 2)
        {
            Tokens = SiteTokens.Word(prompt.Split(' ')[^1]),
            Rest = SiteRest.EmptyFinal,
        },
        ["padding exchanged"] = (_, last) => new LensSite(last) { Tokens = SiteTokens.Padding, Rest = SiteRest.Native, Source = "" },
        ["what attention adds"] = (_, last) => new LensSite(last / 2) { Point = SitePoint.AttentionOut },
        ["a block left out, another twice"] = (_, last) => new LensSite(last) { Skip = [new SiteSkip(2), new SiteSkip(3, Times: 2)] },
        ["matched length"] = (_, last) => new LensSite(last / 2) { Norm = SiteNorm.Matched },
    };

    /// <summary>What they are called in a golden file.</summary>
    public static IReadOnlyList<string> Names => [.. Known.Keys];

    /// <summary>A site.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="prompt">The prompt whose conditioning it is.</param>
    /// <param name="lastLayer">L of the model.</param>
    /// <exception cref="BadInputException">There is none of that name.</exception>
    public static LensSite Of(string name, string prompt, int lastLayer) => Known.TryGetValue(name, out Func<string, int, LensSite>? site)
        ? site(prompt, lastLayer)
        : throw new BadInputException(
            $"golden files know no site '{name}'; they know {string.Join(", ", Names)}; verify --update writes one");
}
