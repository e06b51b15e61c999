namespace Experiments.Specs.Reading;

/// <summary>
/// Reads what is measured, in figures, tables and findings alike: <c>{right: CONDITION}</c>, <c>{yes: QUESTION, of: CONDITION}</c> and
/// their kin.
/// </summary>
internal sealed class MeasuredSection(IReadOnlyList<ConditionSpec> conditions, IReadOnlyList<QuestionSpec> questions)
{
    /// <summary>The key of the token whose rows enter.</summary>
    public const string Token = "token";

    private const string Right = "right", Wrong = "wrong", Yes = "yes", No = "no", All = "all", Any = "any", Of = "of";

    private readonly string[] _conditions = [.. conditions.Select(condition => condition.Name)];

    /// <summary>All keys that are read.</summary>
    public static IReadOnlyList<string> Keys { get; } = [Right, Wrong, Yes, No, All, Any, Of, Token];

    /// <returns>A condition or more, in the file's order.</returns>
    public IReadOnlyList<MeasuredCondition> Read(Fields fields)
    {
        (string rule, Node value) = fields.OneOf(Right, Wrong, Yes, No, All, Any);
        int? token = fields.Optional(Token)?.WholeNumber("which token of those shown one after another, from 1", 1, 1000);
        return [.. Rules(rule, value, fields).Select(part => part with { IsNegated = rule is Wrong or No, Token = token })];
    }

    /// <summary>Reads two conditions of the same prompts: what is subtracted, and what it is subtracted from.</summary>
    public (MeasuredCondition First, MeasuredCondition Second) ReadTwo(Fields fields, Node node) =>
        Read(fields) is [var first, var second]
            ? (first, OfTheSamePrompts(first, second, node))
            : throw node.Location.Error("a difference is between two conditions: name two, the one that is subtracted first");

    public MeasuredCondition OfTheSamePrompts(MeasuredCondition first, MeasuredCondition second, Node node) =>
        Named(first.Condition).DrawnAs == Named(second.Condition).DrawnAs
            ? second
            : throw node.Location.Error(
                $"{first.Condition.Quoted()} and {second.Condition.Quoted()} have other prompts, which make no pairs; "
                    + $"write {second.Condition.Quoted()} with same as: {Named(first.Condition).DrawnAs}");

    private IEnumerable<MeasuredCondition> Rules(string rule, Node value, Fields fields)
    {
        if (rule is Right or Wrong)
        {
            IReadOnlyList<string> named = value.Names("condition", _conditions);
            return fields.Optional(Of) is { } extra
                ? throw extra.Location.Error($"'of' beside '{rule}'; '{rule}' names its conditions itself: {rule}: {named[0]}")
                : named.Select(name => new MeasuredCondition(name, Named(name).Right));
        }

        IReadOnlyList<string> of = fields.Required(Of, _conditions[0]).Names("condition", _conditions);
        string[] asked = [.. questions.Where(question => of.All(question.Of.Contains)).Select(question => question.Name)];
        string kind = $"question of {string.Join(" and ", of.Select(Quoting.Quoted))}";
        AnswerRule answers = new(All: rule != Any, rule is Yes or No ? [value.OneOf(kind, asked)] : value.Names(kind, asked));
        return of.Select(condition => new MeasuredCondition(condition, answers));
    }

    private ConditionSpec Named(string name) => conditions.First(condition => condition.Name == name);
}
