using System.Globalization;
using DiffusionLens;

namespace Experiments.Specs;

/// <summary>The parts of a site as they are written, under <c>site:</c> and after options.</summary>
internal static class SiteWords
{
    /// <summary>A diffusers pipeline has three text encoders at most.</summary>
    private const int MostEncoders = 3;

    public static readonly IReadOnlyDictionary<string, SiteEncoder> Encoders = new Dictionary<string, SiteEncoder>
    {
        ["all"] = SiteEncoder.All,
    }.Concat(Enumerable.Range(1, MostEncoders).ToDictionary(number => number.ToString(CultureInfo.InvariantCulture), SiteEncoder.Nth))
        .ToDictionary();

    public static readonly IReadOnlyDictionary<string, SiteOthers> Others = new Dictionary<string, SiteOthers>
    {
        ["native"] = SiteOthers.Native,
        ["empty"] = SiteOthers.Empty,
    };

    public static readonly IReadOnlyDictionary<string, SitePooled> Pooled = new Dictionary<string, SitePooled>
    {
        ["native"] = SitePooled.Native,
        ["empty"] = SitePooled.Empty,
        ["lens"] = SitePooled.Lens,
        ["empty-below"] = SitePooled.EmptyBelow,
    };

    public static readonly IReadOnlyDictionary<string, SiteNorm> Norms = new Dictionary<string, SiteNorm>
    {
        ["native"] = SiteNorm.Native,
        ["none"] = SiteNorm.None,
        ["matched"] = SiteNorm.Matched,
    };

    /// <summary>A site's key but for the layer; empty where it is the paper's lens.</summary>
    public static string BesideLayer(LensSite site)
    {
        string layer = new LensSite(site.Layer).Key;
        return site.Key == layer ? "" : site.Key[(layer.Length + 1)..];
    }
}
