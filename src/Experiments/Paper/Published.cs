using Experiments.Findings;
using Experiments.Results;
using Experiments.Specs.Reading;

namespace Experiments.Paper;

/// <summary>A figure, table or number of the paper.</summary>
/// <param name="Name">Its name, for example <c>fig-3</c>.</param>
/// <param name="Title">What it is called here.</param>
/// <param name="Section">The section it belongs to.</param>
/// <param name="Shows">What of an experiment's results shows the same, at least one; printed values are compared with the first.</param>
/// <param name="Finding">What the paper finds in it.</param>
/// <param name="Tested">The findings (<see cref="PaperFindings"/>) that answers are asked about.</param>
/// <param name="Caveat">What cannot be had from the authors' release; empty for nothing.</param>
/// <param name="Printed">What the paper prints in numbers.</param>
internal sealed record PublishedItem(
    string Name,
    string Title,
    string Section,
    IReadOnlyList<ResultFile> Shows,
    string Finding,
    IReadOnlyList<Finding> Tested,
    string Caveat,
    IReadOnlyList<PrintedValue> Printed)
{
    /// <summary>What it is called, without what it is about: <c>Fig. 4</c>.</summary>
    public string Label => Title.Split(':')[0];
}

/// <summary>A figure, table or sheet of strips in an experiment's results.</summary>
/// <param name="Kind"><c>figures</c>, <c>tables</c> or <c>strips</c>: the folder.</param>
/// <param name="Name">The file's name without ending.</param>
internal sealed record ResultFile(string Experiment, string Kind, string Name)
{
    /// <param name="results">The folder of results.</param>
    /// <param name="ending">The ending, without its dot.</param>
    public string PathOf(ResultsRoot results, string model, string ending) => results.Of(Experiment, model).In($"{Kind}/{Name}.{ending}");
}

/// <summary>A number that the paper prints, or a curve of numbers.</summary>
/// <param name="Row">The curve's label or the heading of the row.</param>
/// <param name="Column">The heading of the column; empty for a curve.</param>
/// <param name="Value">As it is printed.</param>
internal sealed record PrintedValue(string Model, string Row, string Column, string Value)
{
    /// <summary>Whether it is a curve: percents by layer.</summary>
    public bool IsCurve => Column.Length == 0;

    public string What => IsCurve ? Row : $"{Row}: {Column}";
}

/// <summary>What the paper prints: the facts of <c>published.yaml</c>.</summary>
internal static class Published
{
    private const string Resource = "published.yaml";

    /// <summary>All items in the paper's order.</summary>
    public static IReadOnlyList<PublishedItem> Items { get; } = Read();

    private static PublishedItem[] Read()
    {
        using Stream stream = typeof(Published).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the program");
        using StreamReader reader = new(stream);
        Fields root = new(YamlComposer.Compose(Resource, reader.ReadToEnd()), "the paper", "version", "items");
        return
        [
            .. root.Required("items", "{fig-3: ...}")
                .Block("figures and tables by name")
                .Select(entry => Item(entry.Name.Value, entry.Value)),
        ];
    }

    private static PublishedItem Item(string name, Node node)
    {
        Fields fields = new(node, name, "title", "section", "shows", "finding", "tested", "caveat", "printed");
        IReadOnlyList<Node> printed = fields.Optional("printed") is ListNode list ? list.Items : [];
        return new PublishedItem(
            name,
            Text(fields, "title"),
            Text(fields, "section"),
            [.. Texts(fields, "shows").Select(shows => shows.Split('/')).Select(parts => new ResultFile(parts[0], parts[1], parts[2]))],
            Text(fields, "finding"),
            [.. Texts(fields, "tested").Select(finding => PaperFindings.All.Single(known => known.Name == finding))],
            fields.Optional("caveat")?.Text("a sentence").Value ?? "",
            [.. printed.Select(Value)]);
    }

    private static PrintedValue Value(Node node)
    {
        Fields fields = new(node, "a printed value", "model", "curve", "row", "column", "is");
        return new PrintedValue(
            Text(fields, "model"),
            fields.OneOf("curve", "row").Value.Text("a label").Value,
            fields.Optional("column")?.Text("a heading").Value ?? "",
            Text(fields, "is"));
    }

    private static IEnumerable<string> Texts(Fields fields, string key) =>
        fields.Optional(key)?.EachOnce("a text", node => node.Text("a text").Value).Select(item => item.Value) ?? [];

    private static string Text(Fields fields, string key) => fields.Required(key, "...").Text("a text").Value;
}
