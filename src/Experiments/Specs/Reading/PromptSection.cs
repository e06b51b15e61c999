using Experiments.Files;
namespace Experiments.Specs.Reading;

/// <summary>
/// Reads <c>prompts:</c>. First where the prompts come from, whose slots the questions are checked against; then, when the questions
/// are known, the conditions as a whole.
/// </summary>
internal sealed class PromptSection
{
    private static readonly string[] Always = ["right", "site", "text", "final norm"];

    // The key that says what kind of source it is, and the keys beside it.
    private static readonly Dictionary<string, string[]> Kinds = new()
    {
        ["template"] = ["sample", "right", "words", "from", "site", "text", "final norm"],
        ["csv"] = ["prompt", "columns", "where", "words", "sample", .. Always],
        ["captions"] = ["antecedent", "sample", .. Always],
        ["same as"] = Always,
    };

    private readonly List<Condition> _conditions = [];

    public PromptSection(Node node)
    {
        Dictionary<string, string> folders = [];
        foreach ((TextNode name, Node value) in node.Block("kinds of prompt, each with a name"))
        {
            string folder = SafeName.OfAnyScript(name.Value);
            if (!folders.TryAdd(folder, name.Value))
            {
                throw name.Location.Error(
                    $"{name.Value.Quoted()} and {folders[folder].Quoted()} would share the folder {folder}; rename one");
            }
            _conditions.Add(Read(name, value));
        }
    }

    public IReadOnlyList<string> Names => [.. _conditions.Select(condition => condition.Name.Value)];

    public IReadOnlyList<Slot> SlotsOf(string condition) => Named(condition).Source.Slots;

    public IReadOnlyList<ConditionSpec> Conditions(IReadOnlyList<QuestionSpec> questions) =>
    [
        .. _conditions.Select(condition => new ConditionSpec(
            condition.Name.Value, condition.Source, condition.Sample, Right(condition, questions), condition.Name.Location)
        {
            DrawnAs = condition.DrawnAs,
            Site = Site(condition),
            Text = TextSection.Read(condition.Fields.Optional("text")),
            TextLocation = condition.Fields.Optional("text")?.Location,
        }),
    ];

    private static SiteSpec Site(Condition condition)
    {
        SiteSpec site = SiteSection.Read(condition.Fields.Optional("site"), condition.Fields.Optional("final norm"));
        IReadOnlyList<Slot> slots = condition.Source.Slots;
        foreach (TemplatePart.Word word in site.Slots.Where(word => !slots.Contains(word.Slot.Word)))
        {
            throw word.Location.Unknown(
                word.Slot.Word.Name, $"slot of the prompts of {condition.Name.Value.Quoted()}", slots.Select(known => known.Name));
        }

        return site;
    }

    private Condition Named(string name) => _conditions.First(known => known.Name.Value == name);

    private Condition Read(TextNode name, Node value)
    {
        string what = $"the condition {name.Value.Quoted()}";
        string kind =
            value is MapNode map && map.Entries.FirstOrDefault(entry => Kinds.ContainsKey(entry.Name.Value)).Name is { } key
                ? key.Value
                : "template";
        Fields fields = new(value, what, [kind, .. Kinds[kind]]);
        if (kind == "same as")
        {
            Condition other = Named(fields.Required(kind, "").OneOf("condition above it", Names));
            return other with { Name = name, Fields = fields };
        }
        PromptSource source = kind switch
        {
            "csv" => TableSection.Read(fields),
            "captions" => CaptionSection.Read(fields),
            _ => TemplateSection.Read(fields),
        };
        Node? sample = kind == "csv" ? fields.Optional("sample") : fields.Required("sample", "24");
        return new Condition(name, fields, source, sample?.WholeNumber("how many prompts to draw", 1, 1000), name.Value);
    }

    private AnswerRule Right(Condition condition, IReadOnlyList<QuestionSpec> questions)
    {
        string name = condition.Name.Value;
        Node right = condition.Fields.Optional("right") ?? Named(condition.DrawnAs).Fields.Required("right", "has object");
        return new AnswerRule(
            All: true,
            right.Names(
                $"question of {name.Quoted()}",
                [.. questions.Where(question => question.Of.Contains(name)).Select(question => question.Name)]));
    }

    private sealed record Condition(TextNode Name, Fields Fields, PromptSource Source, int? Sample, string DrawnAs);
}
