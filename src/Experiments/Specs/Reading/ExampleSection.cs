namespace Experiments.Specs.Reading;

/// <summary>Reads <c>shows:</c> of a sheet of strips.</summary>
internal static class ExampleSection
{
    private static readonly Dictionary<string, ExampleRule> Plain = new()
    {
        ["success then failure"] = new ExampleRule.SuccessThenFailure(),
        ["complete failure"] = new ExampleRule.CompleteFailure(),
    };

    /// <param name="node">What stands under <c>shows</c>, or null.</param>
    /// <param name="of">The conditions of the sheet.</param>
    public static ExampleRule? Read(Node? node, IReadOnlyList<string> of, IReadOnlyList<QuestionSpec> questions)
    {
        if (node is null or TextNode)
        {
            return node is null ? null : Plain[node.OneOf("thing to show", Plain.Keys)];
        }
        string kind = $"question of {string.Join(" and ", of.Select(Quoting.Quoted))}";
        string[] asked = [.. questions.Where(question => of.All(question.Of.Contains)).Select(question => question.Name)];
        (string key, Node value) = new Fields(node, "what the strips show", "race", "in order", "apart", "never").OneOf(
            "race",
            "in order",
            "apart",
            "never");
        if (key == "in order")
        {
            return value is ListNode { Items: [_, _, ..] steps }
                ? new ExampleRule.InOrder([.. steps.Select(step => new AnswerRule(All: true, step.Names(kind, asked)))])
                : throw value.Wrong("a list of two questions or more, in their order");
        }
        IReadOnlyList<string> names = value.Names(kind, asked);
        return key switch
        {
            "race" => names is [var first, var second]
                ? new ExampleRule.Race(first, second)
                : throw value.Wrong("two questions, whether either thing is there"),
            "apart" => new ExampleRule.Apart(names),
            _ => new ExampleRule.Never(names),
        };
    }
}
