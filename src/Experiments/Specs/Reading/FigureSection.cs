using Experiments.Files;
namespace Experiments.Specs.Reading;

/// <summary>Reads <c>figures:</c> and <c>strips:</c>.</summary>
internal sealed class FigureSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    private const int MostStripPrompts = 100;

    private static readonly Dictionary<string, RowChoice> RowChoices = new()
    {
        ["right in the last layer"] = RowChoice.RightInTheLastLayer,
        ["all"] = RowChoice.All,
    };

    private readonly string[] _conditions = [.. conditions.Select(condition => condition.Name)];

    public IReadOnlyList<FigureSpec> Figures(Node? node) =>
        [.. (node?.Block("figures, each with a name") ?? []).Select(entry => Figure(entry.Name, entry.Value))];

    public IReadOnlyList<StripSpec> Strips(Node? node) =>
        [.. (node?.Block("sheets of strips, each with a name") ?? []).Select(entry => Strip(entry.Name, entry.Value))];

    private FigureSpec Figure(TextNode name, Node node)
    {
        Fields fields = new(node, $"the figure {name.Value.Quoted()}", "title", "kind", "rows", "annotators", "curves");
        IReadOnlyList<(TextNode Name, Node Value)> curves =
            fields.Required("curves", $"{{An object: {{right: {_conditions[0]}}}}}").Block("curves, each with its label");
        return new FigureSpec(
            FileName(name),
            Title(fields),
            Rows(fields),
            [.. curves.Select(curve => Curve(curve.Name.Value, curve.Value))])
        {
            Kind = fields.Optional("kind")?.Text("a kind of figure, such as curves").Value ?? FigureSpec.DefaultKind,
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

    private CurveSpec Curve(string label, Node node)
    {
        Fields fields = new(node, $"the curve {label.Quoted()}", "right", "yes", "all", "any", "of");
        (string rule, Node value) = fields.OneOf("right", "yes", "all", "any");
        if (rule == "right")
        {
            return fields.Optional("of") is { } extra
                ? throw extra.Location.Error(
                    $"'of' beside 'right'; 'right' names its conditions itself: right: {value.Names("condition", _conditions)[0]}")
                : new CurveSpec(label, [.. value.Names("condition", _conditions).Select(Right)]);
        }
        IReadOnlyList<string> of = fields.Required("of", _conditions[0]).Names("condition", _conditions);
        string[] asked = [.. questions.Where(question => of.All(question.Of.Contains)).Select(question => question.Name)];
        string kind = $"question of {string.Join(" and ", of.Select(Quoting.Quoted))}";
        AnswerRule answers = new(All: rule != "any", rule == "yes" ? [value.OneOf(kind, asked)] : value.Names(kind, asked));
        return new CurveSpec(label, [.. of.Select(condition => new MeasuredCondition(condition, answers))]);
    }

    private MeasuredCondition Right(string name) => new(name, conditions.First(condition => condition.Name == name).Right);

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
