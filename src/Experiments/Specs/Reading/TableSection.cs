namespace Experiments.Specs.Reading;

/// <summary>Reads a condition whose prompts are in a <c>csv</c> file.</summary>
internal static class TableSection
{
    public static PromptSource.FromTable Read(Fields fields)
    {
        TextNode path = fields.Required("csv", "prompts/two_colors.csv").Text("a file such as prompts/two_colors.csv");
        return new PromptSource.FromTable(
            path.Value,
            path.Location,
            fields.Optional("prompt") is { } prompt ? Column(prompt) : new TableColumn("prompt", path.Location),
            Slots(fields.Optional("columns"), "slots with their columns, such as {object: class1}").ToDictionary(
                entry => entry.Slot, entry => Column(entry.Value)),
            [
                .. (fields.Optional("where")?.Block("columns with what their cells look like, such as {is_natural: 1}") ?? []).Select(
                    entry =>
                        (
                            new TableColumn(entry.Name.Value, entry.Name.Location),
                            entry.Value.Text("what the cell looks like, such as 1 or \"* in *\"").Value)),
            ],
            Slots(fields.Optional("words"), "slots with the word that every prompt has there, such as {preposition: in}").ToDictionary(
                entry => entry.Slot, entry => entry.Value.Text("a word").Value));
    }

    private static IEnumerable<(Slot Slot, Node Value)> Slots(Node? node, string wanted) =>
        (node?.Block(wanted) ?? []).Select(entry => (TemplateReader.ReadSlot(entry.Name, attributes: true), entry.Value));

    private static TableColumn Column(Node node) => new(node.Text("the heading of a column").Value, node.Location);
}
