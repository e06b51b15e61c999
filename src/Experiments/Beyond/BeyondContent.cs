using Experiments.Reports;
using Experiments.Tables;

namespace Experiments.Beyond;

/// <summary>What the report of the follow-up experiments says, ready to be set: texts are plain, images <c>data:</c> URIs.</summary>
/// <param name="Lead">What was run on what.</param>
/// <param name="Models">The models' names.</param>
/// <param name="Sections">A section an experiment.</param>
internal sealed record BeyondContent(string Lead, IReadOnlyList<string> Models, IReadOnlyList<BeyondSection> Sections)
{
    /// <summary>What the answers about each model are worth.</summary>
    public IReadOnlyList<TableSheet> Accuracy { get; init; } = [];

    /// <summary>What the models are, how to make it again, what to cite.</summary>
    public ReportClosing Closing { get; init; } = new();
}

/// <summary>An experiment with all there is of it.</summary>
/// <param name="Name">Its spec's name.</param>
/// <param name="Asks">The question, in a sentence.</param>
/// <param name="Source">Who asked first.</param>
/// <param name="Conclusions">A row a finding.</param>
/// <param name="Refusals">Models that it could not be run on, each with the reason.</param>
internal sealed record BeyondSection(
    string Name,
    string Title,
    string Asks,
    string Source,
    IReadOnlyList<BeyondConclusion> Conclusions,
    IReadOnlyList<string> Refusals,
    IReadOnlyList<EmbeddedImage> Images,
    IReadOnlyList<BeyondTable> Tables);

/// <summary>What is concluded of a finding's question, a cell a model.</summary>
internal sealed record BeyondConclusion(string Question, IReadOnlyList<string> Cells);

/// <summary>A table of several models, one below the other.</summary>
internal sealed record BeyondTable(string Title, ResultTable Table);
