using System.Globalization;
using System.Text.Json;
using DiffusionLens.Configs;
using DiffusionLens.Families;

namespace DiffusionLens.Tests;

/// <summary>A case of the reference of sites (<c>reference/sites</c>): a site, the prompt, and what is done to masks.</summary>
internal sealed class SiteCase
{
    private readonly JsonElement _case;

    private SiteCase(string prompt, JsonElement one) => (Prompt, _case) = (prompt, one);

    public string Prompt { get; }

    public TextHandling Handling => new()
    {
        EncoderMask = Text("EncoderMask") switch { "on" => TextMask.On, "off" => TextMask.Off, _ => TextMask.Native },
        DenoiserMask = Text("DenoiserMask") == "on" ? TextMask.On : TextMask.Native,
        PaddingRows = Text("Denoiser").Split(' ') is ["padding", var rows, ..] ? Enum.Parse<PaddingRows>(rows, ignoreCase: true) : default,
        PaddingRowsAt = Text("Denoiser").Split(' ', 3) is ["padding", _, var at]
            ? Enum.Parse<PaddingRowsAt>(Plain(at), ignoreCase: true)
            : default,
        Positions = Text("Denoiser") == "positions kept" ? RowPositions.Kept : RowPositions.Native,
        Length = Text("Denoiser") == "shorter sequence" ? TextLength.Fit : null,
    };

    /// <summary>Names of a family's cases that are about the denoiser too.</summary>
    public static IEnumerable<string> HandledNamesOf(string family)
        => from one in Json(family).GetProperty("cases").EnumerateObject()
           where one.Value.GetProperty("DenoiserMask").GetString() != "off" || one.Value.GetProperty("Denoiser").GetString() != ""
           select one.Name;

    /// <summary>Names of a family's cases that are about text encoders alone.</summary>
    public static IEnumerable<string> NamesOf(string family)
        => from one in Json(family).GetProperty("cases").EnumerateObject()
           where one.Value.GetProperty("DenoiserMask").GetString() == "off" && one.Value.GetProperty("Denoiser").GetString() == ""
           select one.Name;

    public static SiteCase Read(string family, string name)
    {
        JsonElement json = Json(family), one = json.GetProperty("cases").GetProperty(name);
        return new SiteCase(json.GetProperty("prompts")[one.GetProperty(nameof(Prompt)).GetInt32()].GetString()!, one);
    }

    /// <summary>The site; where the case names no layer, the deepest.</summary>
    public LensSite SiteIn(ModelDescription model)
    {
        SiteTokens tokens = Tokens(Text("Tokens"));
        LensSite site = new(0)
        {
            Encoder = Text("Encoder") == "all" ? SiteEncoder.All : SiteEncoder.Nth(Number(Text("Encoder"), "encoder")),
            Point = Enum.Parse<SitePoint>(Plain(Text("Point")), ignoreCase: true),
            Tokens = tokens,
            Rest = tokens == SiteTokens.All ? SiteRest.Empty : Enum.Parse<SiteRest>(Plain(Text("Rest")), ignoreCase: true),
            Source = _case.TryGetProperty("Source", out JsonElement source) ? source.GetString() : null,
            Norm = Enum.Parse<SiteNorm>(Text("Norm"), ignoreCase: true),
            Pooled = Enum.Parse<SitePooled>(Text("Pooled"), ignoreCase: true),
            Skip = [.. Skips(Text("Skip"))],
        };
        bool isNamed = _case.TryGetProperty("Layer", out JsonElement layer) && layer.ValueKind == JsonValueKind.Number;
        return site.At(isNamed ? layer.GetInt32() : model.DeepestLayer(site));
    }

    /// <summary><c>skip 2,3</c>, <c>repeat 2</c>.</summary>
    private static IEnumerable<SiteSkip> Skips(string text)
        => text.Split(' ') is [var verb, var blocks]
            ? blocks.Split(',').Select(block => new SiteSkip(Number(block, ""), verb == "skip" ? 0 : 2))
            : [];

    private static SiteTokens Tokens(string text) => text.Split(':') switch
    {
        ["all"] => SiteTokens.All,
        ["prompt"] => SiteTokens.Prompt,
        ["padding"] => SiteTokens.Padding,
        ["template"] => SiteTokens.Template,
        ["word", var word] => SiteTokens.Word(word),
        ["token", var position] => SiteTokens.Token(Number(position, "")),
        _ => throw new ArgumentException(text, nameof(text)),
    };

    private static JsonElement Json(string family)
        => ConfigFile.ReadObject(Reference.PathOf("sites", Reference.AsTheyAre, $"{family}.json"));

    private static string Plain(string words)
        => words.Replace(" ", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    private static int Number(string text, string before) => int.Parse(text[before.Length..], CultureInfo.InvariantCulture);

    private string Text(string field) => _case.GetProperty(field).GetString()!;
}
