namespace Experiments.Reports;

/// <summary>What stands at the end of every report: what the models are, how to make it again, and what to cite.</summary>
internal sealed record ReportClosing
{
    /// <summary>What is known of each model.</summary>
    public IReadOnlyList<ReportCard> Models { get; init; } = [];

    /// <summary>How each part is made again.</summary>
    public IReadOnlyList<ReportCommands> Again { get; init; } = [];

    /// <summary>BibTeX of all that is to be cited.</summary>
    public string Citations { get; init; } = Citation.Text(Citation.All([]));

    /// <summary>Those of several reports as one.</summary>
    public static ReportClosing Of(IReadOnlyList<ReportClosing> closings) => new()
    {
        Models = [.. closings.SelectMany(closing => closing.Models)],
        Again = [.. closings.SelectMany(closing => closing.Again)],
        Citations = closings[0].Citations,
    };
}

/// <summary>Facts of one thing.</summary>
/// <param name="Name">What it is called.</param>
internal sealed record ReportCard(string Name, IReadOnlyList<ReportFact> Facts);

/// <summary>Commands to copy, with the hashes of what goes in and what comes out as comments.</summary>
/// <param name="Name">Of what: a model's name.</param>
/// <param name="Text">Lines that a POSIX shell takes.</param>
/// <param name="Note">What the commands do not make again; empty: nothing.</param>
internal sealed record ReportCommands(string Name, string Text, string Note);
