using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace Experiments.Figures;

/// <summary>
/// SVG files that look the same wherever they are opened: Skia writes text as text in a font that the reader may lack, and this turns
/// every letter into its outline. Only text in scripts that the embedded typeface lacks stays text.
/// </summary>
internal static partial class OutlinedSvg
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Dictionary<string, SKTypeface> Embedded = new()
    {
        [Typefaces.Regular.FamilyName] = Typefaces.Regular,
        [Typefaces.SemiBold.FamilyName] = Typefaces.SemiBold,
    };

    /// <summary>Draws an SVG.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">What it shows, for readers who cannot see it.</param>
    /// <returns>The file's text.</returns>
    public static string Draw(int width, int height, string title, Action<SKCanvas> draw)
    {
        using MemoryStream stream = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(SKRect.Create(width, height), stream))
        {
            draw(canvas);
        }

        XElement root = XDocument.Parse(Xml(Encoding.UTF8.GetString(stream.ToArray())), LoadOptions.PreserveWhitespace).Root!;
        root.SetAttributeValue("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}"));
        root.SetAttributeValue("role", "img");
        root.AddFirst(new XElement(Svg + "title", Xml(title)));

        // A canvas cleared to nothing comes out as a rectangle without a color, which is black in SVG.
        root.Elements(Svg + "rect").Where(rectangle => rectangle.Attribute("fill") is null).Remove();
        foreach (XElement text in root.Descendants(Svg + "text").ToArray())
        {
            if (Embedded.TryGetValue((string?)text.Attribute("font-family") ?? "", out SKTypeface? typeface))
            {
                text.ReplaceWith(Outline(text, typeface));
            }
        }

        NumberClips(root);
        return root.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    // Names of models may have characters that XML has not.
    private static string Xml(string text) => text.All(XmlConvert.IsXmlChar) ? text
        : string.Concat(text.EnumerateRunes().Select(rune =>
            rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value) ? rune : Rune.ReplacementChar));

    // Skia goes on counting its clips over all that a process draws; from 1 in every file, equal drawings are equal bytes.
    private static void NumberClips(XElement root)
    {
        Dictionary<string, string> names = root.Descendants(Svg + "clipPath").Select((clip, i) => ((string)clip.Attribute("id")!, i + 1))
            .ToDictionary(clip => clip.Item1, clip => string.Create(CultureInfo.InvariantCulture, $"clip{clip.Item2}"));
        foreach (XAttribute attribute in root.Descendants().Attributes())
        {
            attribute.Value = attribute.Name.LocalName switch
            {
                "id" => names[attribute.Value],
                "clip-path" => $"url(#{names[attribute.Value[5..^1]]})",
                _ => attribute.Value,
            };
        }
    }

    private static XElement Outline(XElement text, SKTypeface typeface)
    {
        using SKFont font = new(typeface, (float)text.Attribute("font-size")!);

        // Skia sets the text between a line break with tabs and a line break with tabs; blanks at its own ends count.
        string letters = text.Value.Trim('\n', '\t');
        float[] x = Numbers(text, "x"), y = Numbers(text, "y");
        using SKPath outline = font.GetTextPath(letters, [.. x.Select((value, i) => new SKPoint(value, y[Math.Min(i, y.Length - 1)]))]);
        XElement path = new(Svg + "path", new XAttribute("d", Rounded(outline.ToSvgPathData())));
        path.Add(text.Attributes().Where(attribute => attribute.Name.LocalName is "fill" or "fill-opacity" or "transform"));
        return path;
    }

    private static string Rounded(string path) => NumberWithDecimals().Replace(
        path, number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"-?[0-9]*\.[0-9]+(e-?[0-9]+)?")]
    private static partial Regex NumberWithDecimals();

    private static float[] Numbers(XElement element, string attribute) =>
    [
        .. element.Attribute(attribute)!.Value
            .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => float.Parse(number, CultureInfo.InvariantCulture)),
    ];
}
