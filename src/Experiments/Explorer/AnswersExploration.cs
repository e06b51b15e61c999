using System.Globalization;
using Experiments.Answers;
using Experiments.Figures;
using Experiments.Measures;
using Experiments.Specs;
using ScottPlot;

namespace Experiments.Explorer;

/// <summary>Gathers what the explorer knows of the answers about a run's images, and of what was measured.</summary>
internal sealed class AnswersExploration
{
    private const char Yes = '1', No = '0', Unsaid = '-';

    private readonly ExploredRun _run;
    private readonly Dictionary<RowKey, int> _rows = [];
    private readonly Dictionary<int, int> _layers = [];
    private readonly int[] _firstRow;

    private AnswersExploration(ExploredRun run)
    {
        _run = run;
        _firstRow = new int[run.Conditions.Count + 1];
        foreach ((int place, int layer) in run.Layers.Index())
        {
            _layers[layer] = place;
        }

        int row = 0;
        foreach (ExploredPrompt prompt in run.Prompts)
        {
            foreach (int site in prompt.Sites)
            {
                foreach (string seed in run.Seeds)
                {
                    _rows[new RowKey(run.Conditions[prompt.Condition], prompt.Text, seed, run.Sites[site].Token)] = row++;
                }
            }

            Array.Fill(_firstRow, row, prompt.Condition + 1, run.Conditions.Count - prompt.Condition);
        }
    }

    /// <summary>What was answered, of what is of the run.</summary>
    /// <param name="answers">All answers, main annotators first.</param>
    /// <param name="answered">The same as rows; null where there is none.</param>
    /// <param name="measures">What was measured of them; null: nothing yet.</param>
    public static ExploredAnswers Of(
        ExploredRun run, IReadOnlyList<Answer> answers, AnsweredExperiment? answered, MeasureTable? measures)
    {
        AnswersExploration here = new(run);
        List<string> annotators = [.. answers.Where(answer => answer.Yes is not null).Select(answer => answer.Annotator).Distinct()];
        return new ExploredAnswers(
            annotators,
            [.. here.Given(answers, annotators)],
            answered is null ? "" : here.Right(answered),
            answered is null || measures is null ? [] : here.Figures(answered, measures));
    }

    /// <summary>Whether an answer is about an image of a run.</summary>
    public static Func<Answer, bool> AreAbout(ExploredRun run)
    {
        AnswersExploration here = new(run);
        return answer => here.ImageOf(answer) is not null;
    }

    private IEnumerable<GivenAnswers> Given(IReadOnlyList<Answer> answers, List<string> annotators)
    {
        List<string> conditions = [.. _run.Conditions], questions = [.. _run.Questions];
        var parts = answers.Where(answer => answer.Yes is not null)
            .GroupBy(answer => (answer.Annotator, answer.Condition, answer.Question));
        foreach (var part in parts)
        {
            int condition = conditions.IndexOf(part.Key.Condition), question = questions.IndexOf(part.Key.Question);
            if (condition < 0 || question < 0)
            {
                continue;
            }

            int first = _firstRow[condition] * _run.Layers.Count, count = (_firstRow[condition + 1] * _run.Layers.Count) - first;
            char[] said = [.. Enumerable.Repeat(Unsaid, count)];
            double?[] scores = new double?[count];
            foreach (Answer answer in part)
            {
                if (ImageOf(answer) is { } image)
                {
                    said[image - first] = answer.Yes == true ? Yes : No;
                    scores[image - first] = answer.Score is { } score ? Math.Round(score, 2) : null;
                }
            }

            yield return new GivenAnswers(
                annotators.IndexOf(part.Key.Annotator),
                condition,
                question,
                new string(said),
                scores.Any(score => score is not null) ? scores : null);
        }
    }

    private string Right(AnsweredExperiment answered)
    {
        char[] right = [.. Enumerable.Repeat(Unsaid, _run.RowCount * _run.Layers.Count)];
        foreach (AnsweredRow row in answered.Rows)
        {
            if (NumberOf(row) is { } number)
            {
                ConditionSpec condition = answered.Spec.Condition(row.Condition);
                for (int i = 0; i < _run.Layers.Count; i++)
                {
                    right[(number * _run.Layers.Count) + i] = Letter(row.IsRight(condition, _run.Layers[i]));
                }
            }
        }

        return new string(right);
    }

    private ExploredFigure[] Figures(AnsweredExperiment answered, MeasureTable measures)
    {
        Func<CurveSpec, CurveStyle> styleOf = CurveStyle.For(answered.Spec.Figures);
        FigureSpec right = new(
            "right-by-condition",
            "Right images by condition",
            RowChoice.All,
            [
                .. answered.Spec.Conditions.Select(condition =>
                    new CurveSpec(condition.Name, [new MeasuredCondition(condition.Name, condition.Right)])),
            ]);
        return
        [
            .. answered.Spec.Figures.Select(figure => Figure(
                answered, figure, curve => measures.Curve(figure.Name, curve.Label), curve => styleOf(curve))),
            Figure(
                answered,
                right,
                curve => measures.Right(curve.Label),
                curve => CurveStyle.For([right])(curve)),
        ];
    }

    private ExploredFigure Figure(
        AnsweredExperiment answered,
        FigureSpec figure,
        Func<CurveSpec, IReadOnlyList<MeasurePoint>> pointsOf,
        Func<CurveSpec, CurveStyle> styleOf) => new(
            figure.Name,
            figure.Title,
            figure.Rows == RowChoice.All ? "All rows" : "Rows right in the last layer",
            figure.Curves.SelectMany(pointsOf).FirstOrDefault()?.AnswersBy ?? "",
            [.. figure.Curves.Select(curve => Curve(answered, figure, curve, pointsOf(curve), styleOf(curve)))]);

    private ExploredCurve Curve(
        AnsweredExperiment answered, FigureSpec figure, CurveSpec curve, IReadOnlyList<MeasurePoint> points, CurveStyle style)
    {
        // Where prompts are counted, no single image is behind a point.
        (int Number, EnteringRow Row)[] entering = curve.Representative is not null ? [] :
        [
            .. Measuring.Entering(answered, figure, curve)
                .Select(row => (Number: NumberOf(row.Row), Row: row))
                .Where(row => row.Number is not null)
                .Select(row => (row.Number!.Value, row.Row)),
        ];
        return new ExploredCurve(
            curve.Label,
            style.Color.ToHex(),
            style.Dashed,
            MarkerOf(style.Marker),
            [
                .. points.Select(point => new ExploredPoint(
                    point.Layer, point.Mean, point.Interval?.Low, point.Interval?.High, point.Spread, point.RowCount)),
            ],
            [.. entering.Select(row => row.Number)],
            entering.Length == 0 ? [] :
            [
                .. _run.Layers.Select(layer => string.Concat(entering.Select(row => Letter(row.Row.Holds(layer))))),
            ]);
    }

    private static string MarkerOf(MarkerShape marker) => marker switch
    {
        MarkerShape.FilledSquare => "square",
        MarkerShape.FilledTriangleUp => "up",
        MarkerShape.FilledTriangleDown => "down",
        MarkerShape.FilledDiamond => "diamond",
        _ => "circle",
    };

    private static char Letter(bool? holds) => holds switch { true => Yes, false => No, null => Unsaid };

    private int? ImageOf(Answer answer) =>
        _layers.TryGetValue(answer.Layer, out int layer) && Number(answer.Condition, answer.Prompt, answer.Seed, answer.Token) is { } row
            ? (row * _run.Layers.Count) + layer
            : null;

    private int? NumberOf(AnsweredRow row) => Number(row.Condition, row.Prompt, row.Seed, row.Token);

    private int? Number(string condition, string prompt, ulong seed, int? token) =>
        _rows.TryGetValue(new RowKey(condition, prompt, seed.ToString(CultureInfo.InvariantCulture), token), out int row) ? row : null;

    private readonly record struct RowKey(string Condition, string Prompt, string Seed, int? Token);
}
