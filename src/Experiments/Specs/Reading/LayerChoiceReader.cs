using System.Globalization;
using System.Text.RegularExpressions;

namespace Experiments.Specs.Reading;

/// <summary>Reads which layers are meant: <c>all</c>, <c>last</c>, <c>every 4</c>, <c>every 1/6</c>, <c>[0, 8, 12]</c>.</summary>
internal static partial class LayerChoiceReader
{
    private const string Wanted = "every 1/6 (counted back from the last), every 4, all, last, or a list such as [0, 8, 12]";

    /// <summary>More layers than any text encoder has.</summary>
    private const int Most = 999;

    public static LayerChoice Read(Node node) =>
        node is ListNode { Items.Count: > 0 } list ? Listed(list) : Phrase(node.Text(Wanted));

    /// <summary>Reads an option of the command line, where a list has no brackets: <c>0,8,12</c>.</summary>
    public static LayerChoice Read(string text, string option)
    {
        SourceLocation location = new(option);
        return text.Any(char.IsDigit) && !text.Contains(' ', StringComparison.Ordinal)
            ? Listed(new ListNode([.. text.Split(',').Select(number => new TextNode(number, location))], location))
            : Phrase(new TextNode(text, location));
    }

    private static LayerChoice.Listed Listed(ListNode list) =>
        new(list.EachOnce("the number of a layer", layer => layer.WholeNumber("the number of a layer", 0, Most)), list.Location);

    private static LayerChoice Phrase(TextNode text)
    {
        if (text.Value == "all")
        {
            return new LayerChoice.All(text.Location);
        }

        if (text.Value == "last")
        {
            return new LayerChoice.Last(text.Location);
        }

        Match every = EveryPattern().Match(text.Value);
        if (!every.Success)
        {
            throw text.Wrong(Wanted);
        }
        int number = int.Parse(every.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return every.Groups["part"].Success
            ? new LayerChoice.EveryPart(number, text.Location)
            : new LayerChoice.Every(number, text.Location);
    }

    [GeneratedRegex(@"^every (?<part>1/)?(?<number>[1-9][0-9]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex EveryPattern();
}
