using Experiments.Tables;

namespace Experiments.Reports;

/// <summary>What a report says, ready to be set: every text is plain text, every image a <c>data:</c> URI.</summary>
/// <param name="Title">The experiment's title.</param>
/// <param name="Lead">One or two sentences below it: what was run on what.</param>
/// <param name="Facts">What was run: spec, model, sampler, seeds, versions.</param>
/// <param name="Right">Share of right images by condition and layer, over all rows: a table a model.</param>
/// <param name="Figures">The figures with their numbers.</param>
/// <param name="Examples">The strips that the spec chooses rows for.</param>
/// <param name="Strips">The strips of all prompts.</param>
internal sealed record ReportContent(
    string Title,
    string Lead,
    IReadOnlyList<ReportFact> Facts,
    IReadOnlyList<ReportTable> Right,
    IReadOnlyList<ReportFigure> Figures,
    IReadOnlyList<ReportStrip> Examples,
    IReadOnlyList<ReportStrip> Strips)
{
    /// <summary>Pages that show more.</summary>
    public IReadOnlyList<ReportLink> Links { get; init; } = [];

    /// <summary>Why there are no numbers yet; empty where there are.</summary>
    public string Missing { get; init; } = "";

    /// <summary>The tables that the spec asks for.</summary>
    public IReadOnlyList<TableSheet> Tables { get; init; } = [];

    /// <summary>Who answered, and what their answers are worth: a table a model.</summary>
    public IReadOnlyList<TableSheet> Accuracy { get; init; } = [];

    /// <summary>Image by image who said what, where several answered: a sheet a model.</summary>
    public IReadOnlyList<AnswerSheet> Said { get; init; } = [];

    /// <summary>How far annotators agree where there are several, and shares that were corrected for their errors.</summary>
    public IReadOnlyList<TableSheet> Sheets { get; init; } = [];

    /// <summary>What the models are, how to make it again, what to cite.</summary>
    public ReportClosing Closing { get; init; } = new();
}

/// <summary>A page that shows more.</summary>
/// <param name="Text">What it is called.</param>
/// <param name="Href">Its place, seen from the report.</param>
internal sealed record ReportLink(string Text, string Href);

/// <summary>A line of what was run.</summary>
/// <param name="Name">For example <c>Sampler</c>.</param>
/// <param name="Value">For example <c>dpmsolver++, 20 steps, guidance 4</c>.</param>
internal sealed record ReportFact(string Name, string Value);

/// <summary>A table of shares, a row a curve, a column a layer.</summary>
/// <param name="Layers">The layers' headings.</param>
internal sealed record ReportTable(IReadOnlyList<string> Layers, IReadOnlyList<ReportTableRow> Rows)
{
    /// <summary>Whose it is, in a report of several models; else empty.</summary>
    public string Model { get; init; } = "";
}

/// <param name="Name">The curve or condition.</param>
/// <param name="Count">Number of rows (prompt, seed) behind it: n.</param>
/// <param name="Shares">A cell a layer.</param>
internal sealed record ReportTableRow(string Name, string Count, IReadOnlyList<ReportShare> Shares);

/// <summary>A share in a table.</summary>
/// <param name="Percent">Percent, with its spread over seeds where there are several: <c>63 ± 13</c>.</param>
/// <param name="Interval">The 95 % interval: <c>[31, 94]</c>; empty where there is none.</param>
/// <param name="Count">How many rows it is of, where these are not all of the row's; else empty.</param>
internal sealed record ReportShare(string Percent, string Interval, string Count);

/// <summary>A figure with its numbers.</summary>
/// <param name="Name">The figure's name in the spec.</param>
/// <param name="Table">What it was drawn from.</param>
internal sealed record ReportFigure(string Name, string Title, string Image, ReportTable Table)
{
    /// <summary>What it shows, for readers who cannot see it.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Whose answers it is made from, and how often these are right.</summary>
    public string AnswersBy { get; init; } = "";

    /// <summary>Whose it is, in a report of several models; else empty.</summary>
    public string Model { get; init; } = "";
}

/// <summary>A contact strip.</summary>
/// <param name="Prompts">The prompts on it and what is ticked, for readers who cannot see it.</param>
internal sealed record ReportStrip(string Name, string Title, string Image, string Prompts)
{
    /// <summary>Whose it is, in a report of several models; else empty.</summary>
    public string Model { get; init; } = "";
}
