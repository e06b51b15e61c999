namespace Experiments.Specs;

/// <summary>
/// A spec that reads the answers of other experiments and generates nothing: what the paper's section 6 and appendix B are about.
/// </summary>
internal sealed record Comparison : Experiment
{
    /// <summary>Figures of failures.</summary>
    public required IReadOnlyList<FailureBars> Bars { get; init; }

    /// <summary>Tables of the sources of failures.</summary>
    public required IReadOnlyList<FailureTypeTable> FailureTypes { get; init; }

    /// <summary>Tables of how far annotators agree.</summary>
    public required IReadOnlyList<AgreementTable> Agreements { get; init; }

    /// <summary>Every condition it names.</summary>
    public IEnumerable<ConditionReference> References =>
    [
        .. Bars.SelectMany(figure => figure.Bars).Select(bar => bar.Of),
        .. FailureTypes.Select(table => table.Of),
        .. Agreements.SelectMany(table => table.Rows).SelectMany(row => row.Of),
    ];
}

/// <summary>A condition of another experiment: <c>colors/two colors</c>.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Condition">The condition's name in it.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record ConditionReference(string Experiment, string Condition, SourceLocation Location);

/// <summary>A question of another experiment: <c>object in color</c>.</summary>
/// <param name="Name">Its name in the experiments of the conditions that it is read of.</param>
/// <param name="Location">Where it was written.</param>
internal sealed record QuestionReference(string Name, SourceLocation Location);

/// <summary>A figure of failures: a bar a condition (the paper's Figs 14 and 28).</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">One line above it.</param>
/// <param name="Bars">The bars by their labels, in this order.</param>
internal sealed record FailureBars(string Name, string Title, IReadOnlyList<(string Label, ConditionReference Of)> Bars);

/// <summary>A table of the sources of failures (the paper's section 6).</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">One line above it.</param>
/// <param name="Parts">A question for each part of a prompt.</param>
internal sealed record FailureTypeTable(string Name, string Title, ConditionReference Of, IReadOnlyList<QuestionReference> Parts);

/// <summary>A table of agreement between annotators (the paper's Table 2).</summary>
/// <param name="Name">Name of its files.</param>
/// <param name="Title">One line above it.</param>
internal sealed record AgreementTable(string Name, string Title, IReadOnlyList<AgreementRow> Rows);

/// <summary>A row of an <see cref="AgreementTable"/>.</summary>
/// <param name="Label">Its heading.</param>
/// <param name="Question">The question that both answered.</param>
/// <param name="Among">The questions to which the second annotator must say yes in the last layer.</param>
internal sealed record AgreementRow(
    string Label, QuestionReference Question, IReadOnlyList<ConditionReference> Of, IReadOnlyList<QuestionReference> Among);
