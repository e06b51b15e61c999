using System.Globalization;
using DiffusionLens;
using Humanizer;

namespace Experiments.Specs;

/// <summary>The parts of a site, and of what is done to its texts, as they are written in specs and after options.</summary>
internal static class SiteWords
{
    /// <summary>A diffusers pipeline has three text encoders at most.</summary>
    private const int MostEncoders = 3;

    public static readonly IReadOnlyDictionary<string, SiteEncoder> Encoders = new Dictionary<string, SiteEncoder>
    {
        ["all"] = SiteEncoder.All,
    }.Concat(Enumerable.Range(1, MostEncoders).ToDictionary(number => number.ToString(CultureInfo.InvariantCulture), SiteEncoder.Nth))
        .ToDictionary();

    /// <summary>The sets of positions that need no word and no number.</summary>
    public static readonly IReadOnlyDictionary<string, SiteTokens> TokenSets = new Dictionary<string, SiteTokens>
    {
        ["all"] = SiteTokens.All,
        ["prompt"] = SiteTokens.Prompt,
        ["padding"] = SiteTokens.Padding,
        ["template"] = SiteTokens.Template,
    };

    public static readonly IReadOnlyDictionary<string, SiteOthers> Others = Of<SiteOthers>();

    public static readonly IReadOnlyDictionary<string, SitePoint> Points = Of<SitePoint>();

    public static readonly IReadOnlyDictionary<string, SiteRest> Rests = Of<SiteRest>();

    public static readonly IReadOnlyDictionary<string, SitePooled> Pooled = Of<SitePooled>();

    public static readonly IReadOnlyDictionary<string, SiteNorm> Norms = Of<SiteNorm>();

    public static readonly IReadOnlyDictionary<string, SiteMixture> Mixtures = Of<SiteMixture>();

    public static readonly IReadOnlyDictionary<string, TextMask> Masks = Of<TextMask>();

    public static readonly IReadOnlyDictionary<string, PaddingRows> PaddingRows = Of<PaddingRows>();

    public static readonly IReadOnlyDictionary<string, PaddingRowsAt> PaddingRowsAt = Of<PaddingRowsAt>();

    /// <summary>A site's key but for the layer; empty where it is the paper's lens.</summary>
    public static string BesideLayer(LensSite site)
    {
        string layer = new LensSite(site.Layer).Key;
        return site.Key == layer ? "" : site.Key[(layer.Length + 1)..];
    }

    /// <summary>A site's key, or a part of it, and that of what is done to its texts.</summary>
    public static string Beside(string site, TextHandling handling) => string.Join('_', Both(site, handling.Key));

    private static IEnumerable<string> Both(params string[] keys) => keys.Where(key => key.Length > 0);

    /// <summary><c>AttentionOut</c> is <c>attention-out</c>.</summary>
    private static Dictionary<string, T> Of<T>()
        where T : struct, Enum
        => Enum.GetValues<T>().ToDictionary(value => value.ToString().Kebaberize());
}
