namespace Experiments.Specs.Reading;

/// <summary>
/// Reads <c>prompts:</c>. First the templates, which the questions are checked against; then, when the questions are known, the
/// conditions as a whole.
/// </summary>
internal sealed class PromptSection
{
    private readonly List<(TextNode Name, Fields Fields, Template Template)> _conditions = [];

    public PromptSection(Node node)
    {
        Dictionary<string, string> folders = [];
        foreach ((TextNode name, Node value) in node.Block("kinds of prompt, each with a name"))
        {
            string folder = SafeName.Of(name.Value);
            if (!folders.TryAdd(folder, name.Value))
            {
                throw name.Place.Complaint($"{name.Value.Quoted()} and {folders[folder].Quoted()} would share the folder {folder}; rename one");
            }
            Fields fields = new(value, $"the condition {name.Value.Quoted()}", "template", "sample", "right", "words");
            _conditions.Add((name, fields, TemplateOf(fields)));
        }
    }

    public IReadOnlyList<string> Names => [.. _conditions.Select(condition => condition.Name.Value)];

    public Template TemplateOf(string condition) => _conditions.Find(known => known.Name.Value == condition).Template;

    public IReadOnlyList<ConditionSpec> Conditions(IReadOnlyList<QuestionSpec> questions) =>
    [
        .. _conditions.Select(condition => new ConditionSpec(
            condition.Name.Value,
            condition.Template,
            condition.Fields.Required("sample", "24").WholeNumber("how many prompts to draw", 1, 1000),
            Right(condition.Name.Value, condition.Fields, questions),
            Words(condition.Fields.Optional("words"), condition.Template),
            condition.Name.Place)),
    ];

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
            if (word.Slot.Number > 0 && !template.Slots.Contains(word.Slot with { Number = word.Slot.Number - 1 }))
            {
                Slot before = word.Slot with { Number = word.Slot.Number - 1 };
                throw word.Place.Complaint($"{word.Slot.Name.Quoted()} without {before.Name.Quoted()}; primes count on from a first: write {{{before.Name}}}");
            }
        }
        return template;
    }

    private static AnswerRule Right(string condition, Fields fields, IReadOnlyList<QuestionSpec> questions) =>
        new(All: true, fields.Required("right", "has object").Names(
            $"question of {condition.Quoted()}", [.. questions.Where(question => question.Of.Contains(condition)).Select(question => question.Name)]));

    private static List<WordChoice> Words(Node? node, Template template)
    {
        List<WordChoice> choices = [];
        foreach ((TextNode name, Node value) in node?.Block("slots with lists of words, such as {color: [red, blue]}") ?? [])
        {
            string slot = name.OneOf("slot of its template", [.. template.Slots.Select(known => known.Name)]);
            choices.Add(new WordChoice(
                template.Slots.First(known => known.Name == slot), value.EachOnce("a word", word => word.Text("a word").Value)));
        }
        return choices;
    }
}
