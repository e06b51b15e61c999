using Experiments.Files;
namespace Experiments.Specs.Reading;

/// <summary>Reads <c>figures:</c> and <c>strips:</c>.</summary>
internal sealed class FigureSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    private const int MostStripPrompts = 100, MostTokens = 100;

    private const string Representative = "representative tokens", Each = "tokens";

    private static readonly Dictionary<string, RowChoice> RowChoices = new()
    {
        ["right in the last layer"] = RowChoice.RightInTheLastLayer,
        ["all"] = RowChoice.All,
    };

    private readonly string[] _conditions = [.. conditions.Select(condition => condition.Name)];

    private readonly MeasuredSection _measured = new(conditions, questions);

    public IReadOnlyList<FigureSpec> Figures(Node? node) =>
        [.. (node?.Block("figures, each with a name") ?? []).Select(entry => Figure(entry.Name, entry.Value))];

    public IReadOnlyList<StripSpec> Strips(Node? node) =>
        [.. (node?.Block("sheets of strips, each with a name") ?? []).Select(entry => Strip(entry.Name, entry.Value))];

    private FigureSpec Figure(TextNode name, Node node)
    {
        Fields fields = new(
            node, $"the figure {name.Value.Quoted()}", "title", "kind", "rows", "annotators", "curves", Representative);
        string kind = fields.Optional("kind")?.Text("a kind of figure, such as curves").Value ?? FigureSpec.DefaultKind;
        Node? most = kind == FigureSpec.HistogramKind ? fields.Required(Representative, "3") : fields.Optional(Representative);
        int? representative = most?.WholeNumber("the number of tokens from which on they are counted together", 1, MostTokens);
        IReadOnlyList<(TextNode Name, Node Value)> block =
            fields.Required("curves", $"{{An object: {{right: {_conditions[0]}}}}}").Block("curves, each with its label");
        CurveSpec[] curves = [.. block.SelectMany(curve => Curves(curve.Name.Value, curve.Value, representative))];
        if (curves.GroupBy(curve => curve.Label).FirstOrDefault(same => same.Count() > 1)?.Key is string twice)
        {
            throw name.Location.Error($"two curves of the figure {name.Value.Quoted()} are labeled {twice.Quoted()}; rename one");
        }

        return new FigureSpec(FileName(name), Title(fields), Rows(fields), curves)
        {
            Kind = kind,
            KindLocation = fields.Optional("kind")?.Location ?? name.Location,
            Annotators = fields.Optional("annotators") is { } choice
                ? Annotators(choice.Text("first, all, majority or a name"))
                : new AnnotatorChoice.First(),
        };
    }

    private static AnnotatorChoice Annotators(TextNode choice) => choice.Value switch
    {
        "first" or "main" => new AnnotatorChoice.First(),
        "all" => new AnnotatorChoice.All(),
        "majority" => new AnnotatorChoice.Majority(),
        string name => new AnnotatorChoice.By(name, choice.Location),
    };

    private StripSpec Strip(TextNode name, Node node)
    {
        Fields fields = new(node, $"the strips {name.Value.Quoted()}", "title", "rows", "of", "prompts", "shows");
        IReadOnlyList<string> of = fields.Required("of", _conditions[0]).Names("condition", _conditions);
        return new StripSpec(
            FileName(name),
            Title(fields),
            of,
            fields.Required("prompts", "4").WholeNumber("how many prompts of each condition", 1, MostStripPrompts),
            Rows(fields))
        {
            Shows = ExampleSection.Read(fields.Optional("shows"), of, questions),
        };
    }

    // Of a curve for each of several tokens, or of a histogram's columns, there are as many.
    private IEnumerable<CurveSpec> Curves(string label, Node node, int? representative)
    {
        Fields fields = new(node, $"the curve {label.Quoted()}", [.. MeasuredSection.Keys, Each]);
        IReadOnlyList<MeasuredCondition> over = _measured.Read(fields);
        Node? each = fields.Optional(Each), token = fields.Optional(MeasuredSection.Token);
        if (each is not null && (token is not null || representative is not null))
        {
            throw each.Location.Error($"'{Each}' beside '{(token is null ? Representative : MeasuredSection.Token)}'; keep one");
        }

        if (representative is int most)
        {
            return token is null
                ? Enumerable.Range(0, most + 1).Select(number => new TokenCount(label, number, OrMore: number == most))
                    .Select(count => new CurveSpec($"{label}: {count.Label}", over) { Representative = count })
                : throw token.Location.Error($"'token' in a figure of '{Representative}', which counts all tokens; leave it out");
        }

        return each is null
            ? [new CurveSpec(label, over)]
            : Enumerable.Range(1, each.WholeNumber("how many tokens to show, each in a curve of its own", 1, MostTokens))
                .Select(number => new CurveSpec($"{label} {number}", [.. over.Select(part => part with { Token = number })]));
    }

    public static string Title(Fields fields) => fields.Required("title", "What it shows").Text("a title in a line").Value;

    public static RowChoice Rows(Fields fields) =>
        RowChoices[fields.Required("rows", "right in the last layer").OneOf("choice of rows", RowChoices.Keys)];

    public static string FileName(TextNode name)
    {
        string safe = SafeName.Of(name.Value);
        return safe == name.Value
            ? name.Value
            : throw name.Location.Error($"{name.Value.Quoted()} is to name files, so it is made of a-z, 0-9 and -; write {safe}");
    }
}
