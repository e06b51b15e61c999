namespace Experiments.Specs.Reading;

/// <summary>Reads a condition with a <c>template</c>.</summary>
internal static class TemplateSection
{
    public static PromptSource.FromTemplate Read(Fields fields)
    {
        Template template = TemplateOf(fields);
        return new PromptSource.FromTemplate(template, Words(fields.Optional("words"), template), From(fields.Optional("from"), template));
    }

    private static Template TemplateOf(Fields fields)
    {
        Node node = fields.Required("template", "\"{a object}\"");
        if (node is MapNode)
        {
            throw node.Wrong("a text, in quotes as it begins with a brace: \"{a object}\"");
        }
        Template template = TemplateReader.Read(node.Text("a text such as \"{a object}\""));
        foreach (TemplatePart.Word word in template.Parts.OfType<TemplatePart.Word>())
        {
            if (word.Slot.Number > 0 && !template.Slots.Contains(word.Slot.Word with { Number = word.Slot.Number - 1 }))
            {
                Slot before = word.Slot.Word with { Number = word.Slot.Number - 1 };
                throw word.Location.Error(
                    $"{word.Slot.Name.Quoted()} without {before.Name.Quoted()}; primes count on from a first: write {{{before.Name}}}");
            }
        }
        return template;
    }

    private static List<WordChoice> Words(Node? node, Template template) =>
    [
        .. (node?.Block("slots with lists of words, such as {color: [red, blue]}") ?? []).Select(entry => new WordChoice(
            SlotOf(entry.Name, template), entry.Value.EachOnce("a word", word => word.Text("a word").Value))),
    ];

    private static Dictionary<Slot, (string Group, SourceLocation Location)> From(Node? node, Template template) =>
        (node?.Block("slots with the group that their words are from, such as {object: movable}") ?? []).ToDictionary(
            entry => SlotOf(entry.Name, template),
            entry => (entry.Value.Text("a group of the lexicon").Value, entry.Value.Location));

    private static Slot SlotOf(TextNode name, Template template)
    {
        string slot = name.OneOf("slot of its template", [.. template.Slots.Select(known => known.Name)]);
        return template.Slots.First(known => known.Name == slot);
    }
}
