using DiffusionLens;
using Experiments.Answers;
using Experiments.Specs;

namespace Experiments.Measures;

/// <summary>
/// Corrects shares for the errors of who answered. It can where a share is of one annotator's answers to one kind of question, each row
/// decided by one answer, and where rows were not chosen by the same answers: so not in the last layer of rows that are right there.
/// </summary>
internal sealed class ErrorCorrection
{
    private readonly AnsweredExperiment _experiment;
    private readonly CalibrationTable _calibration;
    private readonly Dictionary<(string Condition, string Question), string[]> _annotators;
    private readonly Dictionary<string, string> _kinds;

    /// <exception cref="BadInputException">The calibration is of others than those who answered.</exception>
    public ErrorCorrection(AnsweredExperiment experiment, CalibrationTable calibration)
    {
        (_experiment, _calibration) = (experiment, calibration);
        _annotators = experiment.Answers.GroupBy(answer => (answer.Condition, answer.Question))
            .ToDictionary(asked => asked.Key, asked => asked.Select(answer => answer.Annotator).Distinct().ToArray());
        _kinds = experiment.Spec.Questions.ToDictionary(question => question.Name, QuestionKind.Of);
        string[] answered = [.. _annotators.Values.SelectMany(names => names).Distinct()];
        if (!calibration.Annotators.Intersect(answered).Any())
        {
            throw new BadInputException(
                $"{calibration.Source}: is of {string.Join(", ", calibration.Annotators)}; these answers are by "
                    + $"{string.Join(", ", answered)}, of whose errors it says nothing; 'calibrate' measures them");
        }
    }

    /// <summary>The corrected share of a point; null where it cannot be corrected.</summary>
    public CorrectedShare? Of(FigureSpec figure, CurveSpec curve, MeasurePoint point)
    {
        bool isChosenBySame = point.Rows == RowChoice.RightInTheLastLayer && point.Layer == _experiment.LastLayer;
        return point.Mean is double mean && point.RowCount > 0 && !isChosenBySame && curve.Representative is null
            && ErrorsIn(figure, curve) is { } errors
            && curve.Over.Select(part => part.IsNegated).Distinct().ToArray() is [bool isNegated]
                ? Corrected(mean, point, errors, isNegated)
                : null;
    }

    private static CorrectedShare? Corrected(double mean, MeasurePoint point, CalibrationRow errors, bool isNegated)
    {
        double saidYes = isNegated ? 1 - mean : mean;
        if (RoganGladen.Of(saidYes, variance: 0, errors.Sensitivity, errors.Specificity)?.Clipped is not double share
            || IntervalOf(saidYes, point, errors) is not { } interval)
        {
            return null;
        }

        Interval around = new(Math.Min(interval.Low, share), Math.Max(interval.High, share));
        return isNegated
            ? new CorrectedShare(1 - share, new Interval(1 - around.High, 1 - around.Low), errors.Annotator)
            : new CorrectedShare(share, around, errors.Annotator);
    }

    // Of shares drawn a little to the middle, so that none counts as sure because it was 0 or 1 of a few: as Agresti and Coull, and, of
    // the annotator's, one more on either side (Lang and Reiczigel: Confidence Limits for Prevalence of Disease Adjusted for Estimated
    // Sensitivity and Specificity, 2014, whose last small shift is left out). Rows of a prompt are no independent draws: where the
    // bootstrap over prompts says that the share is less certain than its count, that holds.
    private static Interval? IntervalOf(double saidYes, MeasurePoint point, CalibrationRow errors)
    {
        double z = NormalDistribution.TwoSidedQuantile(0.05), count = point.RowCount + (z * z);
        double drawn = ((saidYes * point.RowCount) + (z * z / 2)) / count;
        double byPrompts = point.Interval is { } interval ? Math.Pow((interval.High - interval.Low) / (2 * z), 2) : 0;
        return RoganGladen.Of(
            drawn, Math.Max(byPrompts, drawn * (1 - drawn) / count), OneMore(errors.Sensitivity), OneMore(errors.Specificity))?.Interval;
    }

    private static CountedShare OneMore(CountedShare share) => new(share.Part + 1, share.All + 2);

    // What is known of the one annotator and the one kind of question that the curve is made from.
    private CalibrationRow? ErrorsIn(FigureSpec figure, CurveSpec curve)
    {
        (string Condition, string Question)[] asked =
            [.. curve.Over.SelectMany(part => part.Rule.Questions.Select(question => (part.Condition, question)))];
        string[] kinds = [.. asked.Select(one => _kinds.GetValueOrDefault(one.Question, one.Question)).Distinct()];
        string[] by = [.. asked.Select(one => AnnotatorOf(figure, one)).OfType<string>().Distinct()];
        return curve.Over.All(part => part.Rule.Questions.Count == 1)
            && asked.All(one => AnnotatorOf(figure, one) is not null && !_annotators.ContainsKey((one.Condition, AnsweredRow.AsAWhole)))
            && kinds is [string kind] && by is [string annotator]
                ? _calibration.Find(annotator, kind)
                : null;
    }

    private string? AnnotatorOf(FigureSpec figure, (string Condition, string Question) asked) =>
        (_annotators.GetValueOrDefault(asked, []), figure.Annotators) switch
        {
            ([string only], not AnnotatorChoice.By) => only,
            ([string first, ..], AnnotatorChoice.First) => first,
            (var names, AnnotatorChoice.By by) =>
                names.Where(name => name == by.Name || AnnotatorName.Plain(name) == by.Name).ToArray() is [string one] ? one : null,
            _ => null,
        };
}
