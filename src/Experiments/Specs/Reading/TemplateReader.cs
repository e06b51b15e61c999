using System.Text.RegularExpressions;

namespace Experiments.Specs.Reading;

/// <summary>Reads templates: text with slots in braces, <c>{object}</c>, <c>{a object}</c>, <c>{object'}</c>.</summary>
internal static partial class TemplateReader
{
    private const int MostSlots = 8;

    private const string Right = "a slot is {object}, {a object} with its article, or {object'} for a second one";

    public static Template Read(TextNode text)
    {
        List<TemplatePart> parts = [];
        int at = 0;
        while (at < text.Value.Length)
        {
            int open = text.Value.IndexOfAny(['{', '}'], at);
            if (open != at)
            {
                parts.Add(new TemplatePart.Text(text.Value[at..(open < 0 ? text.Value.Length : open)]));
            }
            if (open < 0)
            {
                break;
            }
            int close = text.Value.IndexOfAny(['{', '}'], open + 1);
            if (text.Value[open] == '}' || close < 0 || text.Value[close] == '{')
            {
                throw text.At(open).Error($"'{text.Value[open]}' without its other brace; {Right}");
            }
            parts.Add(WordPart(text.Value[(open + 1)..close], text.At(open)));
            at = close + 1;
        }
        Template template = new(text.Value, parts);
        return template.Slots.Count <= MostSlots
            ? template
            : throw text.Location.Error($"{template.Slots.Count} slots; a template has at most {MostSlots}");
    }

    /// <summary>Reads a slot without braces and article: <c>object'</c>.</summary>
    /// <param name="attributes">Whether it may be an attribute, <c>class of animal</c>.</param>
    public static Slot ReadSlot(TextNode text, bool attributes = false) =>
        SlotPattern().Match(text.Value) is { Success: true } match && !match.Groups["article"].Success
        && (attributes || !match.Groups["attribute"].Success)
            ? SlotOf(match)
            : throw text.Location.Error(
                $"{text.Value.Quoted()} names no slot; write it as in the template, without braces and article: object or object'");

    private static TemplatePart.Word WordPart(string slot, SourceLocation location) =>
        SlotPattern().Match(slot) is { Success: true } match
            ? new TemplatePart.Word(SlotOf(match), match.Groups["article"].Success, location)
            : throw location.Error($"'{{{slot}}}' is no slot; {Right}");

    private static Slot SlotOf(Match match) => new(
        match.Groups["group"].Value,
        match.Groups["primes"].Length,
        match.Groups["attribute"] is { Success: true, Value: var attribute } ? attribute : null);

    [GeneratedRegex(
        @"^((?<article>an?) )?((?<attribute>class|gender|trade) of )?(?<group>[\p{L}\d][\p{L}\d_-]*( [\p{L}\d_-]+)*)(?<primes>'*)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex SlotPattern();
}
