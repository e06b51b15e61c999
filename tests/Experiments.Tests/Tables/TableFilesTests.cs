using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Tests.Tables;

public sealed class TableFilesTests
{
    private static readonly TableSheet Sheet = new(
        "table-1",
        "Which & why",
        "50 % of | them.",
        ["Model", "Share"],
        [
            ["mini_sd", "50.8 % (63/124)"],
        ]);

    [Fact]
    public void Markdown_keeps_bars_within_their_cells() =>
        Assert.Equal(
            "**Which & why**\n\n| Model | Share |\n| --- | --: |\n| mini\\_sd | 50.8 % (63/124) |\n\n50 % of \\| them.\n",
            TableFiles.Markdown(Sheet));

    [Fact]
    public void Numbers_stand_below_each_other_s_ends_and_words_below_each_other_s_beginnings()
    {
        TableSheet sheet = Sheet with
        {
            Columns = ["Model", "What", "n"],
            Rows = [["mini_sd", "object", "9"], ["mini_sd", "color", "–"]],
        };

        Assert.Contains("| --- | --- | --: |", TableFiles.Markdown(sheet), StringComparison.Ordinal);
        Assert.Contains("\\begin{tabular}{llr}", TableFiles.Latex(sheet), StringComparison.Ordinal);
    }

    [Fact]
    public void Latex_escapes_what_is_a_command_to_it()
    {
        string text = TableFiles.Latex(Sheet);

        Assert.Contains("mini\\_sd & 50.8 \\% (63/124) \\\\", text, StringComparison.Ordinal);
        Assert.Contains("\\caption{Which \\& why. 50 \\% of \\textbar{} them.}", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63, 124, "50.8 % (63/124)")]
    [InlineData(42, 118, "35.5 % (42/118)")]
    [InlineData(29, 242, "11.9 % (29/242)")]
    [InlineData(1, 1, "100.0 % (1/1)")]
    [InlineData(0, 0, "–")]
    public void Shares_are_cut_and_not_rounded_as_in_the_paper(int part, int all, string printed) =>
        Assert.Equal(printed, TableSheet.Share(part, all));

    [Fact]
    public void Three_files_are_written_the_same_each_time()
    {
        string folder = Directory.CreateTempSubdirectory("tables-").FullName;

        TableFiles.Write(Sheet, new ResultsFolder(folder));

        Assert.Equal(
            ["table-1.csv", "table-1.md", "table-1.tex"],
            Directory.GetFiles(Path.Combine(folder, "tables")).Select(Path.GetFileName).Order());
        Assert.Equal("Model,Share\nmini_sd,50.8 % (63/124)\n", File.ReadAllText(Path.Combine(folder, "tables", "table-1.csv")));
        Directory.Delete(folder, recursive: true);
    }
}
