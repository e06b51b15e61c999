using Experiments.Files;
using Experiments.Tables;

namespace Experiments.Reports;

/// <summary>One report of several models: each figure, table and strip of one beside those of the others.</summary>
internal static class SideBySide
{
    /// <summary>Puts reports of one experiment together.</summary>
    /// <param name="reports">The models' names with their reports, in the order in which they are to stand.</param>
    public static ReportContent Of(IReadOnlyList<(string Model, ReportContent Content)> reports)
    {
        return new ReportContent(
            reports[0].Content.Title,
            string.Join(" ", reports.Select(report => report.Content.Lead)),
            Facts(reports),
            [.. reports.SelectMany(report => report.Content.Right.Select(table => table with { Model = report.Model }))],
            Together(reports, content => content.Figures, figure => figure.Name, (figure, model) => figure with { Model = model }),
            Together(reports, content => content.Examples, strip => strip.Name, (strip, model) => strip with { Model = model }),
            Together(reports, content => content.Strips, strip => strip.Name, (strip, model) => strip with { Model = model }))
        {
            Links =
            [
                .. reports.SelectMany(report => report.Content.Links.Select(link =>
                    new ReportLink(
                        $"{link.Text} of {report.Model}",
                        $"{Uri.EscapeDataString(SafeName.OfFolder(report.Model))}/{link.Href}"))),
            ],
            Tables = Titled(reports, content => content.Tables),
            Accuracy = Titled(reports, content => content.Accuracy),
            Closing = ReportClosing.Of([.. reports.Select(report => report.Content.Closing)]),
            Said = [.. reports.SelectMany(report => report.Content.Said.Select(sheet => sheet with { Model = report.Model }))],
            Sheets = Titled(reports, content => content.Sheets),
        };
    }

    private static TableSheet[] Titled(
        IReadOnlyList<(string Model, ReportContent Content)> reports, Func<ReportContent, IReadOnlyList<TableSheet>> sheets) =>
        [
            .. reports.SelectMany(report =>
                sheets(report.Content).Select(sheet => sheet with { Title = $"{sheet.Title}, {report.Model}" })),
        ];

    // In the order of names, and of each name in that of the models.
    private static T[] Together<T>(
        IReadOnlyList<(string Model, ReportContent Content)> reports,
        Func<ReportContent, IEnumerable<T>> parts,
        Func<T, string> name,
        Func<T, string, T> named
    ) =>
        [
            .. reports
                .SelectMany(report => parts(report.Content).Select(part => named(part, report.Model)))
                .GroupBy(name)
                .SelectMany(same => same),
        ];

    // What holds for all is told once.
    private static ReportFact[] Facts(IReadOnlyList<(string Model, ReportContent Content)> reports) =>
        [
            .. reports
                .SelectMany(report => report.Content.Facts.Select(fact => (report.Model, Fact: fact)))
                .GroupBy(told => told.Fact.Name)
                .SelectMany(same =>
                    same.Count() == reports.Count && same.Select(told => told.Fact).Distinct().Count() == 1
                        ? [same.First().Fact]
                        : same.Select(told => told.Fact with { Name = $"{told.Fact.Name}, {told.Model}" })),
        ];
}
