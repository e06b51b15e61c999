using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads specs of the kind of <c>failures.yaml</c>.</summary>
internal static class ComparisonReader
{
    /// <summary>The key by which such a spec is told from one that generates images.</summary>
    private const string Reads = "reads";

    private const string Bars = "failures of", FailureTypes = "failure types", Agreement = "agreement";

    /// <summary>Whether a file is such a spec.</summary>
    public static bool IsOne(YamlFile file) => file.Root is MapNode map && map.Entries.Any(entry => entry.Name.Value == Reads);

    /// <summary>Takes a file as such a spec.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="BadInputException">The first thing that is wrong: where, and what would be right.</exception>
    public static Comparison Read(string path, YamlFile file)
    {
        Fields fields = new(file.Root, "the spec", "version", "title", Reads, "figures", "tables");
        fields.Required("version", "1").WholeNumber("1, the version of the language that this program reads", 1, 1);
        string title = FigureSection.Title(fields);
        string[] experiments =
        [
            .. fields
                .Required(Reads, "[colors]")
                .EachOnce("the name of an experiment", node => node.Text("the name of an experiment").Value)
                .Select(name => name.Value),
        ];
        List<FailureBars> bars = [];
        List<FailureTypeTable> types = [];
        List<AgreementTable> agreements = [];
        foreach ((TextNode name, Node node) in fields.Optional("figures")?.Block("figures, each with a name") ?? [])
        {
            Fields figure = new(node, $"the figure {name.Value.Quoted()}", "title", Bars);
            bars.Add(new FailureBars(FigureSection.FileName(name), FigureSection.Title(figure),
            [
                .. figure.Required(Bars, "{Color: colors/color}").Block("labels, each with a condition such as colors/color")
                    .Select(bar => (bar.Name.Value, Reference(bar.Value, experiments))),
            ]));
        }

        foreach ((TextNode name, Node node) in fields.Optional("tables")?.Block("tables, each with a name") ?? [])
        {
            Fields table = new(node, $"the table {name.Value.Quoted()}", "title", FailureTypes, "parts", Agreement);
            (string kind, Node value) = table.OneOf(FailureTypes, Agreement);
            if (kind == Agreement)
            {
                agreements.Add(new AgreementTable(FigureSection.FileName(name), FigureSection.Title(table),
                    [.. value.Block("rows, each with its heading").Select(row => Row(row.Name.Value, row.Value, experiments))]));
                continue;
            }

            types.Add(
                new FailureTypeTable(
                    FigureSection.FileName(name),
                    FigureSection.Title(table),
                    Reference(value, experiments),
                    Questions(table.Required("parts", "[object in color]"))));
        }

        return new Comparison
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Path = path,
            Sha256 = file.Sha256,
            Title = title,
            Bars = bars,
            FailureTypes = types,
            Agreements = agreements,
        };
    }

    private static AgreementRow Row(string label, Node node, string[] experiments)
    {
        Fields row = new(node, $"the row {label.Quoted()}", "question", "of", "among");
        return new AgreementRow(
            label,
            Question(row.Required("question", "relation")),
            [.. row.Required("of", "[relations/in]").EachOnce("a condition", of => Reference(of, experiments)).Select(of => of.Value)],
            Questions(row.Required("among", "[relation]")));
    }

    private static QuestionReference Question(Node node) => new(node.Text("a question").Value, node.Location);

    private static QuestionReference[] Questions(Node node) =>
    [
        .. node.EachOnce("a question", item => Question(item).Name).Select(item => new QuestionReference(item.Value, item.Location)),
    ];

    private static ConditionReference Reference(Node node, string[] experiments)
    {
        const string Wanted = "a condition of an experiment, such as colors/two colors";
        string[] parts = node.Text(Wanted).Value.Split('/');
        return parts.Length != 2 ? throw node.Wrong(Wanted)
            : !experiments.Contains(parts[0]) ? throw node.Location.Unknown(parts[0], "experiment under 'reads'", experiments)
            : new ConditionReference(parts[0], parts[1], node.Location);
    }
}
