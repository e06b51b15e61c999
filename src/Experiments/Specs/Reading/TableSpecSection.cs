namespace Experiments.Specs.Reading;

/// <summary>Reads <c>tables:</c> of an experiment.</summary>
internal sealed class TableSpecSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    private const string Order = "order of appearance", FirstLayer = "first layer", Frequency = "frequency of words", Right = "right";

    private const string Differences = "paired differences", At = "at";

    private static readonly Dictionary<string, ComparedLayer> Layers = new()
    {
        ["last layer"] = ComparedLayer.Last,
        ["any earlier layer"] = ComparedLayer.AnyEarlier,
        ["every layer"] = ComparedLayer.Every,
    };

    private readonly MeasuredSection _measured = new(conditions, questions);

    private readonly string[] _conditions = [.. conditions.Select(condition => condition.Name)];

    public IReadOnlyList<TableSpec> Tables(Node? node) =>
        [.. (node?.Block("tables, each with a name") ?? []).Select(entry => Table(entry.Name, entry.Value))];

    private TableSpec Table(TextNode name, Node node)
    {
        Fields fields = new(node, $"the table {name.Value.Quoted()}", "title", "rows", "of", At, Order, FirstLayer, Frequency, Differences);
        string file = FigureSection.FileName(name), title = FigureSection.Title(fields);
        (string kind, Node value) = fields.OneOf(Order, FirstLayer, Frequency, Differences);
        foreach (string key in kind == Differences ? (string[])["rows", "of"] : [At])
        {
            if (fields.Optional(key) is { } extra)
            {
                throw extra.Location.Error($"'{key}' beside '{kind}', for which it means nothing; leave it out");
            }
        }

        if (kind == Differences)
        {
            ComparedLayer at = fields.Optional(At) is { } layer ? Layers[layer.OneOf("layer to look at", Layers.Keys)] : default;
            return new TableSpec.Differences(
                file,
                title,
                [
                    .. value.Block("differences, each with its label").Select(row => (row.Name.Value, Difference(row.Name, row.Value, at))),
                ]);
        }

        if (kind == Frequency)
        {
            return new TableSpec.Frequency(file, title, Two(value, "condition", _conditions));
        }

        RowChoice rows = FigureSection.Rows(fields);
        IReadOnlyList<string> of = fields.Required("of", _conditions[0]).Names("condition", _conditions);
        string[] asked = [.. questions.Where(question => of.All(question.Of.Contains)).Select(question => question.Name)];
        string what = $"question of {string.Join(" and ", of.Select(Quoting.Quoted))}";
        if (kind == FirstLayer)
        {
            return new TableSpec.FirstLayer(
                file, title, rows, of, value is TextNode { Value: Right } ? [] : value.Names(what, asked));
        }

        IReadOnlyList<string> two = Two(value, what, asked);
        return new TableSpec.Order(file, title, rows, of, two[0], two[1]);
    }

    private DifferenceSpec Difference(TextNode label, Node node, ComparedLayer at)
    {
        Fields fields = new(node, $"the difference {label.Value.Quoted()}", [.. MeasuredSection.Keys]);
        (MeasuredCondition first, MeasuredCondition second) = _measured.ReadTwo(fields, node);
        return new DifferenceSpec(first, second, at);
    }

    private static IReadOnlyList<string> Two(Node node, string kind, IReadOnlyCollection<string> known)
    {
        IReadOnlyList<string> names = node.Names(kind, known);
        return names.Count == 2 ? names : throw node.Wrong($"a list of two, the first and the second: each a {kind}");
    }
}
