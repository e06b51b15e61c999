using Experiments.Reports;
using Experiments.Tables;

namespace Experiments.Paper;

/// <summary>What the report of the whole paper says, ready to be set: texts are plain, images <c>data:</c> URIs.</summary>
/// <param name="Lead">What was run on what.</param>
/// <param name="Summary">How many printed values agree.</param>
/// <param name="Models">The models with what is known of them.</param>
/// <param name="Sections">A section a figure or table, in the paper's order.</param>
/// <param name="Verdicts">The findings and what the answers say of them.</param>
internal sealed record PaperContent(
    string Lead,
    string Summary,
    IReadOnlyList<PaperModel> Models,
    IReadOnlyList<PaperSection> Sections,
    PaperVerdicts Verdicts)
{
    /// <summary>What the answers about each model are worth.</summary>
    public IReadOnlyList<TableSheet> Accuracy { get; init; } = [];

    /// <summary>What the models are, how to make it again, what to cite.</summary>
    public ReportClosing Closing { get; init; } = new();
}

/// <summary>A model of the report.</summary>
/// <param name="Facts">Layers, answers, by whom.</param>
internal sealed record PaperModel(string Name, string Facts);

/// <summary>A figure or table of the paper.</summary>
/// <param name="Label">What it is called: <c>Fig. 4</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Where">The section of the paper.</param>
/// <param name="Finding">What the paper finds.</param>
/// <param name="Caveat">What cannot be had from the release.</param>
/// <param name="Images">Figures and strips.</param>
/// <param name="Notes">What is to be said of them.</param>
/// <param name="Printed">Printed values beside ours.</param>
/// <param name="Tested">Verdicts on what the paper finds in it.</param>
internal sealed record PaperSection(
    string Name,
    string Label,
    string Title,
    string Where,
    string Finding,
    string Caveat,
    IReadOnlyList<EmbeddedImage> Images,
    IReadOnlyList<ResultTable> Tables,
    IReadOnlyList<string> Notes,
    PaperPrintedTable Printed,
    IReadOnlyList<PaperVerdictRow> Tested)
{
    /// <summary>Whether there is anything of ours to show.</summary>
    public bool IsEmpty => Images.Count + Tables.Count == 0;
}

/// <summary>Printed values beside ours.</summary>
/// <param name="Models">The models that we ran, a column each.</param>
/// <param name="Rows">The values.</param>
internal sealed record PaperPrintedTable(IReadOnlyList<string> Models, IReadOnlyList<PaperPrinted> Rows)
{
    /// <summary>Number of values that the released answers give too.</summary>
    public int Agreeing => Rows.Count(row => row.Verdict == PaperPrinted.Agrees);

    /// <summary>Number of values that could be compared.</summary>
    public int Compared => Rows.Count(row => row.Verdict.Length > 0);
}

/// <summary>A printed value beside ours.</summary>
/// <param name="Model">The paper's model.</param>
/// <param name="What">Which value.</param>
/// <param name="Printed">As the paper prints it.</param>
/// <param name="Released">What the released answers give.</param>
/// <param name="Verdict"><see cref="Agrees"/> or <see cref="Differs"/>; empty where there are no released answers.</param>
/// <param name="Ours">The same of the models that we ran.</param>
internal sealed record PaperPrinted(string Model, string What, string Printed, string Released, string Verdict, IReadOnlyList<string> Ours)
{
    public const string Agrees = "agrees", Differs = "differs";
}
