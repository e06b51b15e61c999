namespace Experiments.Specs.Reading;

/// <summary>Reads <c>questions:</c>.</summary>
internal static class QuestionSection
{
    public static IReadOnlyList<QuestionSpec> Read(Node node, PromptSection prompts) =>
        [.. node.Block("questions, each with a name").Select(entry => Question(entry.Name.Value, entry.Value, prompts))];

    private static QuestionSpec Question(string name, Node node, PromptSection prompts)
    {
        Fields fields = new(node, $"the question {name.Quoted()}", "ask", "sees", "of");
        IReadOnlyList<string> of = fields.Required("of", prompts.Names[0]).Names("condition", prompts.Names);
        Template ask = TemplateReader.Read(fields.Required("ask", "\"Is there {a object} in the picture?\"").Text("a question in quotes"));
        foreach (TemplatePart.Word word in ask.Parts.OfType<TemplatePart.Word>())
        {
            CheckSlot(word.Slot, word.Location, of, prompts);
        }
        VisualQuery? sees = fields.Optional("sees") is { } query
            ? VisualQuerySection.Read(name, query, slot => CheckSlot(slot.Slot, slot.Location, of, prompts))
            : null;
        return new QuestionSpec(name, ask, sees, of, node.Location);
    }

    private static void CheckSlot(Slot slot, SourceLocation location, IReadOnlyList<string> of, PromptSection prompts)
    {
        foreach (string condition in of)
        {
            IReadOnlyList<Slot> slots = prompts.SlotsOf(condition);
            if (!slots.Contains(slot.Word))
            {
                throw location.Unknown(slot.Word.Name, $"slot of the prompts of {condition.Quoted()}", slots.Select(known => known.Name));
            }
        }
    }
}
