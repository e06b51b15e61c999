using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Blocks that a site leaves out or repeats, by number (<c>4</c>) and as shares of the depth (<c>3/12</c>).</summary>
/// <param name="Numbered">Those by number.</param>
/// <param name="Shares">Those as shares.</param>
internal sealed partial record BlockChoices(IReadOnlyList<SiteSkip> Numbered, IReadOnlyList<BlockShare> Shares)
{
    private const string Wanted = "the number of a block (or a share of the depth such as 3/12)";

    /// <summary>More blocks than any text encoder has.</summary>
    private const int Most = 999;

    /// <param name="skip">What stands under <c>skip</c>, or null.</param>
    /// <param name="repeat">What stands under <c>repeat</c>, or null.</param>
    /// <exception cref="BadInputException">It is neither, or a block is both.</exception>
    public static BlockChoices Read(Node? skip, Node? repeat)
    {
        IReadOnlyList<((int Part, int Of) Block, SourceLocation Location)> left = Blocks(skip), repeated = Blocks(repeat);
        foreach ((var block, SourceLocation location) in repeated)
        {
            if (left.Any(other => other.Block == block))
            {
                throw location.Error($"block {Text(block)} is under skip already; a block is left out or repeated");
            }
        }

        ((int Part, int Of) Block, int Times)[] all =
        [
            .. left.Select(block => (block.Block, 0)), .. repeated.Select(block => (block.Block, 2)),
        ];
        return new BlockChoices(
            [.. all.Where(block => block.Block.Of == 0).Select(block => new SiteSkip(block.Block.Part, block.Times))],
            [.. all.Where(block => block.Block.Of > 0).Select(block => new BlockShare(block.Block.Part, block.Block.Of, block.Times))]);
    }

    private static IReadOnlyList<((int Part, int Of) Value, SourceLocation Location)> Blocks(Node? node)
        => node?.EachOnce(Wanted, Block) ?? [];

    // A denominator of 0 stands for none.
    private static (int Part, int Of) Block(Node node)
    {
        Match share = SharePattern().Match(node.Text(Wanted).Value);
        if (!share.Success)
        {
            return (node.WholeNumber(Wanted, 1, Most), 0);
        }

        int part = Number("part"), of = Number("of");
        return part <= of ? (part, of) : throw node.Wrong(Wanted);

        int Number(string group) => int.Parse(share.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static string Text((int Part, int Of) block) => block.Of == 0 ? $"{block.Part}" : $"{block.Part}/{block.Of}";

    [GeneratedRegex(@"\A(?<part>[1-9][0-9]{0,2})/(?<of>[1-9][0-9]{0,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex SharePattern();
}
