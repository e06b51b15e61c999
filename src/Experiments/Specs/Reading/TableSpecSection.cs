namespace Experiments.Specs.Reading;

/// <summary>Reads <c>tables:</c> of an experiment.</summary>
internal sealed class TableSpecSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    private const string Order = "order of appearance", FirstLayer = "first layer", Frequency = "frequency of words", Right = "right";

    private readonly string[] _conditions = [.. conditions.Select(condition => condition.Name)];

    public IReadOnlyList<TableSpec> Tables(Node? node) =>
        [.. (node?.Block("tables, each with a name") ?? []).Select(entry => Table(entry.Name, entry.Value))];

    private TableSpec Table(TextNode name, Node node)
    {
        Fields fields = new(node, $"the table {name.Value.Quoted()}", "title", "rows", "of", Order, FirstLayer, Frequency);
        string file = FigureSection.FileName(name), title = FigureSection.Title(fields);
        (string kind, Node value) = fields.OneOf(Order, FirstLayer, Frequency);
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

    private static IReadOnlyList<string> Two(Node node, string kind, IReadOnlyCollection<string> known)
    {
        IReadOnlyList<string> names = node.Names(kind, known);
        return names.Count == 2 ? names : throw node.Wrong($"a list of two, the first and the second: each a {kind}");
    }
}
