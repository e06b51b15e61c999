using System.Globalization;
using DiffusionLens.Families;
using Experiments.Findings;
using Humanizer;

namespace Experiments.Paper;

/// <summary>Findings and their verdicts.</summary>
/// <param name="Models">The models, a column each.</param>
/// <param name="Rows">The findings.</param>
internal sealed record PaperVerdicts(IReadOnlyList<string> Models, IReadOnlyList<PaperVerdictRow> Rows)
{
    /// <summary>Tests findings.</summary>
    public static PaperVerdicts Of(IReadOnlyList<Finding> findings, IReadOnlyList<ModelAnswers> models) =>
        new(
            [.. models.Select(model => model.Model)],
            [
                .. findings.Select(finding => new PaperVerdictRow(
                    finding.Name,
                    finding.Section,
                    finding.Encoder switch
                    {
                        EncoderKind.T5 => "T5",
                        EncoderKind.Clip => "CLIP",
                        _ => "both",
                    },
                    finding.Claim,
                    finding.Bound > 0 ? string.Create(CultureInfo.InvariantCulture, $"more than {100 * finding.Bound:0} %") : "more than 0",
                    finding.Unit == FindingUnit.Depth ? "of the depth" : "of rows",
                    [
                        .. models.Select(model =>
                            Cell(finding.Test(model.Experiments), PaperFindings.For(model.Encoder).Contains(finding), model)),
                    ])),
            ]);

    // What rounds to nothing has no sign.
    private static string Percent(double share) => (100 * share).ToString("0;-0;0", CultureInfo.InvariantCulture);

    private static PaperVerdictCell Cell(FindingResult result, bool isClaimed, ModelAnswers model)
    {
        bool isRun = result.Finding.Experiments.All(model.Experiments.ContainsKey);
        (string word, string style) = (result.Verdict, isRun) switch
        {
            (_, false) => ("not run", "none"),
            (Verdict.Holds, _) => ("holds", "holds"),
            (Verdict.DoesNotHold, _) => ("does not hold", "not"),
            _ => ("undecided", "open"),
        };
        string numbers = !isRun ? ""
            : result.Estimate is null || result.Interval is null ? "no such row"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Percent(result.Estimate.Value)} % [{Percent(result.Interval.Low)}, {Percent(result.Interval.High)}], "
                    + $"{"prompt".ToQuantity(result.Prompts)}");
        return new PaperVerdictCell(word, isClaimed ? style : "none", numbers);
    }
}

/// <summary>A finding in the report.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Where">The section and figure of the paper.</param>
/// <param name="Claimed">Of which encoders the paper says it.</param>
/// <param name="Claim">What the paper says.</param>
/// <param name="Bound">Where it holds: <c>more than 0</c>.</param>
/// <param name="Unit">What the estimate counts.</param>
/// <param name="Cells">A verdict a model.</param>
internal sealed record PaperVerdictRow(
    string Name, string Where, string Claimed, string Claim, string Bound, string Unit, IReadOnlyList<PaperVerdictCell> Cells);

/// <summary>A verdict.</summary>
/// <param name="Word"><c>holds</c>, <c>does not hold</c>, <c>undecided</c>, <c>not run</c>.</param>
/// <param name="Class">The same as a name of a style; that of what is not claimed of this model's kind of encoder is the palest.</param>
/// <param name="Numbers">Estimate, interval, prompts.</param>
internal sealed record PaperVerdictCell(string Word, string Class, string Numbers);
