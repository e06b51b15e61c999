using DiffusionLens.Families;
using Experiments.Measures;
using Experiments.Paper;
using Experiments.Results;
using Experiments.Tests.Measures;

namespace Experiments.Tests.Paper;

public sealed class PaperReportTests : IDisposable
{
    private const int LastLayer = 12;

    private readonly string _results = Directory.CreateTempSubdirectory("paper-report-").FullName;

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Printed_values_stand_beside_those_of_the_released_answers_and_of_our_models()
    {
        WriteTable("paper-df", "50.8 % (63/124)");
        WriteTable("mini", "61.0 % (61/100)");

        PaperPrinted printed = Section("table-1", Model("paper-df", EncoderKind.T5), Model("mini", EncoderKind.Clip)).Printed.Rows[0];

        Assert.Equal(
            ("50.8 (63/124)", "50.8 % (63/124)", PaperPrinted.Agrees, "61.0 % (61/100)"),
            (printed.Printed, printed.Released, printed.Verdict, printed.Ours.Single()));
    }

    [Fact]
    public void A_finding_is_told_with_estimate_interval_and_verdict_and_pale_where_it_is_said_of_the_other_kind_of_encoder()
    {
        AnsweredExperiment animals = AnsweredExperiment.Of(
            Small.Spec with { Name = "animals", Conditions = [Rows.Condition with { Name = "unfamiliar" }] }, "mini", LastLayer,
            [
                .. from prompt in Enumerable.Range(0, 5)
                from answer in Rows.Answers(
                    $"prompt {prompt}",
                    0,
                    "eye",
                    ("animal", "0111"),
                    ("exact animal", "0001"),
                    (Rows.First, "0001"),
                    (Rows.Second, "0001"))
                select answer with
                {
                    Condition = "unfamiliar",
                },
            ]);
        ModelAnswers model = Model("mini", EncoderKind.Clip) with
        {
            Experiments = new Dictionary<string, AnsweredExperiment> { ["animals"] = animals },
        };

        PaperVerdictCell found = Section("fig-9", model).Tested.Single().Cells.Single(),
            ofT5 = Section("table-1", model).Tested[0].Cells.Single();

        Assert.Equal(new PaperVerdictCell("holds", "holds", "67 % [67, 67], 5 prompts"), found);
        Assert.Equal(("not run", "none"), (ofT5.Word, ofT5.Class));
    }

    [Fact]
    public void The_page_has_every_item_of_the_paper_and_what_was_not_run_says_so()
    {
        WriteTable("mini<b>", "61.0 % (61/100)");
        string path = Path.Combine(_results, "paper", "report.html");

        PaperReport.Write(PaperReport.Gather(new ResultsRoot(_results), [Model("mini<b>", EncoderKind.Clip)]), path);

        string page = File.ReadAllText(path);
        Assert.All(Published.Items, item => Assert.Contains($"<section id=\"{item.Name}\">", page, StringComparison.Ordinal));
        Assert.Equal(Published.Items.Count - 1, page.Split("Not run.").Length - 1);
        Assert.Contains("61.0 % (61/100)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    private static ModelAnswers Model(string name, EncoderKind family) => new(name, family, new Dictionary<string, AnsweredExperiment>());

    private PaperSection Section(string name, params ModelAnswers[] models) =>
        PaperSections.Of(Published.Items.Single(item => item.Name == name), new ResultsRoot(_results), models);

    private void WriteTable(string model, string cell)
    {
        string path = Path.Combine(_results, "syntax", model, "tables", "table-1.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"Model,Condition,First earlier\n{model},antecedent first,{cell}\n");
    }
}
