namespace Experiments.Specs.Reading;

/// <summary>Reads <c>questions:</c>.</summary>
internal static class QuestionSection
{
    private const string ColorGroup = "color";

    public static IReadOnlyList<QuestionSpec> Read(Node node, PromptSection prompts) =>
        [.. node.Block("questions, each with a name").Select(entry => Question(entry.Name.Value, entry.Value, prompts))];

    private static QuestionSpec Question(string name, Node node, PromptSection prompts)
    {
        Fields fields = new(node, $"the question {name.Quoted()}", "ask", "sees", "of");
        IReadOnlyList<string> of = fields.Required("of", prompts.Names[0]).Names("condition", prompts.Names);
        Template ask = TemplateReader.Read(fields.Required("ask", "\"Is there {a object} in the picture?\"").Text("a question in quotes"));
        foreach (TemplatePart.Word word in ask.Parts.OfType<TemplatePart.Word>())
        {
            CheckSlot(word.Slot, word.Place, of, prompts);
        }
        return new QuestionSpec(name, ask, Sees(name, fields.Required("sees", "{thing: object}"), of, prompts), of);
    }

    private static SeenSpec Sees(string question, Node node, IReadOnlyList<string> of, PromptSection prompts)
    {
        Fields fields = new(node, $"what {question.Quoted()} sees", "thing", "color");
        Slot? thing = SlotOf(fields.Optional("thing"), color: false, of, prompts);
        Slot? color = SlotOf(fields.Optional("color"), color: true, of, prompts);
        return (thing, color) switch
        {
            (not null, not null) => new SeenSpec.ThingInColor(thing, color),
            (not null, null) => new SeenSpec.Thing(thing),
            _ => new SeenSpec.Color(color!),
        };
    }

    private static Slot? SlotOf(Node? node, bool color, IReadOnlyList<string> of, PromptSection prompts)
    {
        if (node is null)
        {
            return null;
        }
        Slot slot = TemplateReader.ReadSlot(node.Text("the name of a slot, such as object"));
        CheckSlot(slot, node.Place, of, prompts);
        return slot.Group == ColorGroup == color
            ? slot
            : throw node.Wrong(color ? "a slot of a colour: color or color'" : "a slot of a thing, such as object; a colour goes under color:");
    }

    private static void CheckSlot(Slot slot, Place place, IReadOnlyList<string> of, PromptSection prompts)
    {
        foreach (string condition in of)
        {
            IReadOnlyList<Slot> slots = prompts.TemplateOf(condition).Slots;
            if (!slots.Contains(slot))
            {
                throw place.Unknown(slot.Name, $"slot of the prompts of {condition.Quoted()}", slots.Select(known => known.Name));
            }
        }
    }
}
