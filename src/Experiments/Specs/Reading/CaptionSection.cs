namespace Experiments.Specs.Reading;

/// <summary>Reads a condition whose prompts are parsed <c>captions</c>.</summary>
internal static class CaptionSection
{
    private const string Grammar = "grammar";

    public static PromptSource.FromCaptions Read(Fields fields)
    {
        TextNode captions = fields.Required("captions", Grammar).Text("grammar (the lexicon's own captions), or a CoNLL-U file");
        string antecedent = fields.Required("antecedent", "first").OneOf("place of the antecedent", ["first", "second"]);
        return new PromptSource.FromCaptions(captions.Value == Grammar ? null : captions.Value, captions.Location, antecedent == "first");
    }
}
