using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads <c>text:</c>, what is done to the masks, the length and the padding of a condition's prompts.</summary>
internal static class TextSection
{
    private const string Rows = "padding rows", At = "padding rows at", Length = "length";

    /// <param name="node">What stands under <c>text</c>, or null.</param>
    /// <exception cref="BadInputException">A part is unknown, or says nothing beside the others.</exception>
    public static TextHandling Read(Node? node)
    {
        if (node is null)
        {
            return TextHandling.Native;
        }

        Fields fields = new(node, "the text", "encoder mask", "denoiser mask", Rows, At, Length);
        PaddingRows rows = fields.Word(Rows, Rows, SiteWords.PaddingRows);
        if (fields.Optional(At) is { } at && rows == PaddingRows.Native)
        {
            throw at.Location.Error($"'{At}' without '{Rows}', of which it says where; add for example {Rows}: zero");
        }

        return new TextHandling
        {
            EncoderMask = fields.Word("encoder mask", "encoder mask", SiteWords.Masks),
            DenoiserMask = fields.Word("denoiser mask", "denoiser mask", SiteWords.Masks),
            PaddingRows = rows,
            PaddingRowsAt = fields.Word(At, "place of padding rows", SiteWords.PaddingRowsAt),
            Length = fields.Optional(Length) is { } length ? LengthOf(length) : null,
        };
    }

    private static TextLength LengthOf(Node node) => node is TextNode { Value: "fit" }
        ? TextLength.Fit
        : TextLength.Of(node.WholeNumber("fit (just long enough for the prompt) or a number of tokens", 1, 100_000));
}
