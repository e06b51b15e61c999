namespace Experiments.Paper;

/// <summary>What the report of the whole paper says, ready to be set: texts are plain, pictures <c>data:</c> URIs.</summary>
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
    PaperVerdicts Verdicts);

/// <summary>A model of the report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Facts">Layers, answers, by whom.</param>
internal sealed record PaperModel(string Name, string Facts);

/// <summary>A figure or table of the paper.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Where">The section of the paper.</param>
/// <param name="Finding">What the paper finds.</param>
/// <param name="Caveat">What cannot be had from the release.</param>
/// <param name="Pictures">Figures and strips.</param>
/// <param name="Tables">Tables.</param>
/// <param name="Printed">Printed values beside ours.</param>
/// <param name="Agreement">How many of them agree.</param>
internal sealed record PaperSection(
    string Name,
    string Title,
    string Where,
    string Finding,
    string Caveat,
    IReadOnlyList<PaperPicture> Pictures,
    IReadOnlyList<PaperTable> Tables,
    IReadOnlyList<PaperPrinted> Printed,
    string Agreement)
{
    /// <summary>Whether there is anything of ours to show.</summary>
    public bool IsEmpty => Pictures.Count + Tables.Count == 0;
}

/// <summary>A picture of a section.</summary>
/// <param name="Model">The model.</param>
/// <param name="Image">The picture.</param>
/// <param name="IsWide">Whether it takes a row of its own: a strip.</param>
internal sealed record PaperPicture(string Model, string Image, bool IsWide);

/// <summary>A table of a section.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells.</param>
internal sealed record PaperTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A printed value beside ours.</summary>
/// <param name="Model">The model.</param>
/// <param name="What">Which value.</param>
/// <param name="Printed">As the paper prints it.</param>
/// <param name="Ours">Ours.</param>
/// <param name="Agrees">Whether they agree.</param>
internal sealed record PaperPrinted(string Model, string What, string Printed, string Ours, bool Agrees);

/// <summary>The findings and their verdicts.</summary>
/// <param name="Models">The models, a column each.</param>
/// <param name="Rows">The findings.</param>
internal sealed record PaperVerdicts(IReadOnlyList<string> Models, IReadOnlyList<PaperVerdictRow> Rows);

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
