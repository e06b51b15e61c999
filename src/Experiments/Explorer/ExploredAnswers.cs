namespace Experiments.Explorer;

/// <summary>
/// What the explorer knows of what was answered and measured: <c>explore/answers.js</c>. Yes is <c>1</c>, no <c>0</c>, and <c>-</c> that
/// nobody said it.
/// </summary>
/// <param name="Annotators">Who answered, the main one first.</param>
/// <param name="Given">The answers.</param>
/// <param name="Right">Whether each image of the run shows what its prompt says, by its main annotator; empty where nobody
/// answered.</param>
/// <param name="Figures">The spec's figures, and last the share of right images by condition; none before all is measured.</param>
internal sealed record ExploredAnswers(
    IReadOnlyList<string> Annotators,
    IReadOnlyList<GivenAnswers> Given,
    string Right,
    IReadOnlyList<ExploredFigure> Figures);

/// <summary>One annotator's answers to one question of a condition.</summary>
/// <param name="Annotator">The annotator's number.</param>
/// <param name="Condition">The condition's number.</param>
/// <param name="Question">The question's number.</param>
/// <param name="Yes">One after another for all images of the condition.</param>
/// <param name="Scores">How sure the annotator was, likewise, of two decimals; null: this one never says.</param>
internal sealed record GivenAnswers(int Annotator, int Condition, int Question, string Yes, IReadOnlyList<double?>? Scores);

/// <summary>A figure of curves over the layers.</summary>
/// <param name="Rows">Which rows enter, in words.</param>
/// <param name="AnswersBy">Whose answers count, in words; empty where there is but one annotator.</param>
internal sealed record ExploredFigure(string Name, string Title, string Rows, string AnswersBy, IReadOnlyList<ExploredCurve> Curves);

/// <summary>A curve, and the rows behind it.</summary>
/// <param name="Label">Its entry in the legend.</param>
/// <param name="Color">As <c>#RRGGBB</c>.</param>
/// <param name="Marker">The sign at its layers.</param>
/// <param name="Points">Layer by layer.</param>
/// <param name="Rows">The numbers of the rows that enter; empty where prompts are counted.</param>
/// <param name="Holds">Layer by layer whether the image of each of these rows counts as yes.</param>
internal sealed record ExploredCurve(
    string Label,
    string Color,
    bool Dashed,
    string Marker,
    IReadOnlyList<ExploredPoint> Points,
    IReadOnlyList<int> Rows,
    IReadOnlyList<string> Holds);

/// <summary>A point of a curve: shares of 0 to 1, null where no row enters.</summary>
/// <param name="Low">The lower end of the 95 % interval over prompts.</param>
/// <param name="Spread">The standard deviation over seeds.</param>
/// <param name="Count">How many rows enter.</param>
internal sealed record ExploredPoint(int Layer, double? Mean, double? Low, double? High, double? Spread, int Count);
