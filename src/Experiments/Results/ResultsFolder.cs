using System.Globalization;

namespace Experiments.Results;

/// <summary>The results of one experiment on one model: where each of its files is.</summary>
/// <param name="Path">The folder.</param>
internal sealed record ResultsFolder(string Path)
{
    private const string FiguresName = "figures", TablesName = "tables", StripsName = "strips", ExplorerName = "explore";

    /// <summary>What annotators answered.</summary>
    public string Answers => In("answers.csv");

    /// <summary>The hash of <see cref="Answers"/> as this program left it.</summary>
    public string AnswersHash => In(".answers.sha256");

    /// <summary>A copy of the answers that cannot be made again, as they were left; not there where there are none.</summary>
    public string KeptAnswers => In(".answers.kept.csv");

    /// <summary>What stood in place of <see cref="Answers"/> and could not be read.</summary>
    /// <param name="number">1 for the first, 2 for the second.</param>
    public string DamagedAnswers(int number) => In(number == 1 ? "answers.damaged.csv" : $"answers.damaged-{number}.csv");

    /// <summary>The questions that people have not answered yet; not there where there are none.</summary>
    public string Questions => In("questions.csv");

    /// <summary>What people answered about images that have other pixels now; not there where there is nothing.</summary>
    public string SupersededAnswers => In("answers.superseded.csv");

    /// <summary>What people answered in a browser and is not in <see cref="Answers"/> yet; not there where there is nothing.</summary>
    public string AnswerJournal => In("answers.journal.jsonl");

    /// <summary>What vision-language models said, a line each as it came; not there where none was asked.</summary>
    public string VisionReplies => In("vlm.replies.jsonl");

    /// <summary>The figures' numbers.</summary>
    public string Measures => In("measures.csv");

    /// <summary>How common words are, where that was imported.</summary>
    public string Frequencies => In("frequencies.csv");

    public string Report => In("report.html");

    /// <summary>The page on which all images are looked at.</summary>
    public string Explorer => In("explore.html");

    /// <summary>The folder of what <see cref="Explorer"/> is made of.</summary>
    public string ExplorerParts => In(ExplorerName);

    /// <summary>The run and its images, for <see cref="Explorer"/>.</summary>
    public string ExplorerRun => ExplorerPart("run.js");

    /// <summary>What was answered and measured, for <see cref="Explorer"/>.</summary>
    public string ExplorerAnswers => ExplorerPart("answers.js");

    /// <summary>
    /// Which models have an <see cref="Explorer"/> beside this one: outside of this folder, since it belongs to all of them.
    /// </summary>
    public string ExplorerModels =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? Path, "explore-models.js");

    /// <summary>What made the results.</summary>
    public string Manifest => In("manifest.json");

    /// <summary>Content hashes of weights, where these results lie apart from others (<see cref="ResultsRoot.DigestCache"/>).</summary>
    public string DigestCache => In(ResultsRoot.DigestCacheName);

    /// <summary>The folder of images.</summary>
    public string Images => In("images");

    /// <summary>The folder of figures.</summary>
    public string Figures => In(FiguresName);

    /// <summary>The folder of tables.</summary>
    public string Tables => In(TablesName);

    /// <summary>The folder of contact sheets.</summary>
    public string Strips => In(StripsName);

    /// <summary>The folders of all that is drawn from answers and measures.</summary>
    public IReadOnlyList<string> Drawings => [Figures, Tables, Strips];

    /// <summary>The folder of what each shard was made with.</summary>
    public string Shards => In("shards");

    /// <summary>What a shard was made with.</summary>
    /// <param name="name">The shard's name, such as <c>0003-of-0064</c>.</param>
    public string Shard(string name) => System.IO.Path.Combine(Shards, $"{name}.json");

    /// <summary>A file of a figure.</summary>
    /// <param name="name">The figure's name.</param>
    /// <param name="ending"><c>png</c>, <c>svg</c> or <c>csv</c>.</param>
    public string Figure(string name, string ending) => System.IO.Path.Combine(Figures, $"{name}.{ending}");

    /// <summary>A file of a table.</summary>
    /// <param name="name">The table's name.</param>
    /// <param name="ending"><c>md</c>, <c>csv</c> or <c>tex</c>.</param>
    public string Table(string name, string ending) => System.IO.Path.Combine(Tables, $"{name}.{ending}");

    /// <summary>A contact sheet.</summary>
    public string Strip(string name) => System.IO.Path.Combine(Strips, $"{name}.png");

    /// <summary>A file of the explorer.</summary>
    public string ExplorerPart(string name) => System.IO.Path.Combine(ExplorerParts, name);

    /// <summary>A sheet of thumbnails.</summary>
    /// <param name="number">From 0.</param>
    public string ThumbnailSheet(int number) => ExplorerPart(string.Create(CultureInfo.InvariantCulture, $"sheet-{number:000}.jpg"));

    /// <summary>A file that is named by its place in this folder, as answers and the manifest do.</summary>
    /// <param name="relative">With forward slashes.</param>
    public string In(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The place of a file in this folder, with forward slashes.</summary>
    /// <param name="file">A file below it.</param>
    public string RelativeOf(string file) => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/');

    /// <inheritdoc/>
    public override string ToString() => Path;
}
