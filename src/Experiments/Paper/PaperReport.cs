using System.Globalization;
using DiffusionLens;
using DiffusionLens.Families;
using Experiments.Findings;
using Experiments.Measures;
using Experiments.Reports;
using Experiments.Results;

namespace Experiments.Paper;

/// <summary>
/// <c>results/paper/report.html</c>: every figure and table of the paper, ours beside what it prints, and the hypotheses.
/// </summary>
internal static class PaperReport
{
    private static readonly HtmlTemplate Template = new("paper.liquid");

    /// <summary>Gathers what is there.</summary>
    /// <param name="results">The folder of results, with figures and tables drawn.</param>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    public static PaperContent Gather(ResultsRoot results, IReadOnlyList<ModelAnswers> models)
    {
        PaperSection[] sections = [.. Published.Items.Select(item => PaperSections.Of(item, results, models))];
        PaperPrintedTable[] printed = [.. sections.Select(section => section.Printed)];
        int compared = printed.Sum(table => table.Compared);
        return new PaperContent(
            "Toker, Orgad, Ventura, Arad, Belinkov: Diffusion Lens: Interpreting Text Encoders in Text-to-Image Pipelines (ACL 2024), "
                + $"on {string.Join(", ", models.Select(model => model.Model))}.",
            compared == 0
                ? "The paper's own answers are not here: give paper --release, and its printed values are compared with what they give."
                : $"{printed.Sum(table => table.Agreeing)} of {compared} printed values are what the authors' released answers give.",
            [.. models.Select(Model)],
            sections,
            PaperVerdicts.Of(PaperFindings.All, models));
    }

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(PaperContent content, string path) =>
        Template.Write(content, path);

    private static PaperModel Model(ModelAnswers model)
    {
        AnsweredExperiment[] experiments = [.. model.Experiments.Values];
        if (experiments.Length == 0)
        {
            return new PaperModel(model.Model, "no answers");
        }

        string[] annotators = [.. experiments.SelectMany(experiment => experiment.Answers).Select(answer => answer.Annotator).Distinct()];
        FindingResult[] findings = [.. PaperFindings.For(model.Encoder)
            .Where(finding => finding.Experiments.All(model.Experiments.ContainsKey)).Select(finding => finding.Test(model.Experiments))];
        string verdicts = string.Create(
            CultureInfo.InvariantCulture,
            $"Of {findings.Length} findings tested {Count(Verdict.Holds)} hold, {Count(Verdict.DoesNotHold)} do not, "
                + $"{Count(Verdict.Undecided)} are undecided.");
        return new PaperModel(
            model.Model,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(model.Encoder == EncoderKind.Clip ? "CLIP" : model.Encoder.ToString())}, layers 0 to {experiments[0].LastLayer}; "
                    + $"{experiments.Length} experiments, "
                    + $"{experiments.Sum(experiment => experiment.Answers.Count)} answers by {string.Join(" and ", annotators)}. {verdicts}"
            ));

        int Count(Verdict verdict) => findings.Count(finding => finding.Verdict == verdict);
    }
}
