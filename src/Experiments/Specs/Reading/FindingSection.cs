namespace Experiments.Specs.Reading;

/// <summary>Reads <c>findings:</c>.</summary>
internal sealed class FindingSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    private const string Claim = "claim", Bound = "more than", At = "at", Negation = "not ";

    private static readonly Dictionary<string, ComparedLayer> Layers = new()
    {
        ["last layer"] = ComparedLayer.Last,
        ["any earlier layer"] = ComparedLayer.AnyEarlier,
    };

    private readonly MeasuredSection _measured = new(conditions, questions);

    public IReadOnlyList<FindingSpec> Findings(Node? node) =>
        [.. (node?.Block("findings, each with a name") ?? []).Select(entry => Finding(entry.Name, entry.Value))];

    private FindingSpec Finding(TextNode name, Node node)
    {
        Fields fields = new(node, $"the finding {name.Value.Quoted()}", "title", "hypotheses", "concludes");
        HypothesisSpec[] hypotheses =
        [
            .. fields.Required("hypotheses", "{used: {claim: It is used, right: [without, with]}}").Block("hypotheses, each with a name")
                .Select(entry => Hypothesis(entry.Name, entry.Value)),
        ];
        string[] names = [.. hypotheses.Select(hypothesis => hypothesis.Name)];
        return new FindingSpec(FigureSection.FileName(name), FigureSection.Title(fields), hypotheses,
        [
            .. (fields.Optional("concludes")?.Block("conclusions, each with the hypotheses that it follows from") ?? [])
                .Select(entry => new ConclusionSpec(entry.Name.Value, Verdicts(entry.Value, names))),
        ]);
    }

    private HypothesisSpec Hypothesis(TextNode name, Node node)
    {
        if (name.Value.StartsWith(Negation, StringComparison.Ordinal))
        {
            throw name.Location.Error($"{name.Value.Quoted()} begins with 'not', which denies a hypothesis under 'concludes'; rename it");
        }

        Fields fields = new(node, $"the hypothesis {name.Value.Quoted()}", [Claim, Bound, At, .. MeasuredSection.Keys]);
        IReadOnlyList<MeasuredCondition> measured = _measured.Read(fields);
        (MeasuredCondition? first, MeasuredCondition second) = measured switch
        {
            [var share] => (null, share),
            [var one, var other] => (one, _measured.OfTheSamePrompts(one, other, node)),
            _ => throw node.Location.Error(
                "a hypothesis is about a condition, or the difference of two: name one, or two, the one that is subtracted first"),
        };
        return new HypothesisSpec(
            name.Value,
            fields.Required(Claim, "What should be so, in a sentence").Text("a sentence").Value,
            second,
            first,
            fields.Optional(At) is { } at ? Layers[at.OneOf("layer to look at", Layers.Keys)] : ComparedLayer.Last,
            (fields.Optional(Bound)?.Number("a percentage", 0, 99) ?? 0) / 100);
    }

    private static (string Hypothesis, bool Holds)[] Verdicts(Node node, IReadOnlyCollection<string> names)
    {
        string[] known = [.. names, .. names.Select(name => Negation + name)];
        return
        [
            .. node.Names("hypothesis, or 'not' and one", known)
                .Select(name => names.Contains(name) ? (name, true) : (name[Negation.Length..], false)),
        ];
    }
}
