using System.Globalization;
using System.Text;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Results;

namespace Experiments.Tables;

/// <summary>Tables as files: Markdown to read, CSV to compute with, LaTeX to print.</summary>
internal static class TableFiles
{
    private static readonly string[] Endings = ["csv", "md", "tex"];

    /// <summary>
    /// Writes every table of an experiment: those that its spec asks for, how far annotators agree where there are several, and corrected
    /// shares where there are some.
    /// </summary>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void WriteAll(AnsweredExperiment experiment, MeasureTable measures, ResultsFolder folder)
    {
        foreach (TableSheet sheet in ExperimentTables.Of(experiment, folder))
        {
            Write(sheet, folder);
        }

        WriteOrRemove([AgreementTables.Pairs, AgreementTables.Group], AgreementTables.Of(experiment), folder);
        WriteOrRemove([CorrectionTable.Name], CorrectionTable.Of(measures) is { } corrected ? [corrected] : [], folder);
    }

    // Those that the answers no longer give are taken away.
    private static void WriteOrRemove(IEnumerable<string> names, IReadOnlyList<TableSheet> sheets, ResultsFolder folder)
    {
        foreach (TableSheet sheet in sheets)
        {
            Write(sheet, folder);
        }

        foreach (string gone in names.Except(sheets.Select(sheet => sheet.Name)))
        {
            foreach (string file in Endings.Select(ending => folder.Table(gone, ending)).Where(File.Exists))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Writes <c>tables/NAME.md</c>, <c>.csv</c> and <c>.tex</c>.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void Write(TableSheet sheet, ResultsFolder folder)
    {
        CsvTable.Write(folder.Table(sheet.Name, "csv"), [.. sheet.Columns], sheet.Rows.Select(row => row.ToArray()));
        AtomicFile.WriteText(folder.Table(sheet.Name, "md"), Markdown(sheet));
        AtomicFile.WriteText(folder.Table(sheet.Name, "tex"), Latex(sheet));
    }

    /// <summary>The table as Markdown.</summary>
    public static string Markdown(TableSheet sheet)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"**{MarkdownText.Escape(sheet.Title.Trim())}**\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", sheet.Columns.Select(MarkdownText.Escape))} |\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {string.Join(" | ", sheet.Columns.Select((_, i) => sheet.IsNumeric(i) ? "--:" : "---"))} |\n");
        foreach (IReadOnlyList<string> row in sheet.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(MarkdownText.Escape))} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{MarkdownText.EscapeParagraph(sheet.Note)}\n").ToString();
    }

    /// <summary>The table as a LaTeX <c>table</c> in the manner of booktabs.</summary>
    public static string Latex(TableSheet sheet)
    {
        StringBuilder text = new();
        text.Append("\\begin{table}\n\\centering\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"\\begin{{tabular}}{{{string.Concat(sheet.Columns.Select((_, i) => sheet.IsNumeric(i) ? 'r' : 'l'))}}}\n\\toprule\n");
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(" & ", sheet.Columns.Select(LatexText.Escape))} \\\\\n\\midrule\n");
        foreach (IReadOnlyList<string> row in sheet.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{string.Join(" & ", row.Select(LatexText.Escape))} \\\\\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\\bottomrule\n\\end{{tabular}}\n\\caption{{{LatexText.Escape(sheet.Title)}. "
                + $"{LatexText.Escape(sheet.Note)}}}\n\\label{{{sheet.Name}}}\n\\end{{table}}\n");
        return text.ToString();
    }
}
