using DiffusionLens.Configs;
using Experiments.Files;

namespace Experiments.Results;

/// <summary>The folder of all results: a folder an experiment, in it a folder a model.</summary>
/// <param name="Path">The folder.</param>
internal sealed record ResultsRoot(string Path)
{
    /// <summary>The name of <see cref="DigestCache"/>.</summary>
    public const string DigestCacheName = ".digests.json";

    /// <summary>Where results go unless another folder is named.</summary>
    public static readonly ResultsRoot Default = new("results");

    /// <summary>Content hashes of weights, kept with the size and time of the files that they are of.</summary>
    public string DigestCache => System.IO.Path.Combine(Path, DigestCacheName);

    /// <summary>The report of the whole paper.</summary>
    public string PaperReport => System.IO.Path.Combine(Path, "paper", "report.html");

    /// <summary>The report of the experiments that followed the paper.</summary>
    public string BeyondReport => System.IO.Path.Combine(Path, "beyond", "report.html");

    /// <summary>The results of an experiment on a model.</summary>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="model">The model's name, or those of several with <c>+</c> between them.</param>
    public ResultsFolder Of(string experiment, string model) =>
        new(System.IO.Path.Combine(OfExperiment(experiment), SafeName.OfFolder(model)));

    /// <summary>The folder of an experiment, with a folder for each model in it.</summary>
    /// <param name="experiment">The experiment's name.</param>
    public string OfExperiment(string experiment) => System.IO.Path.Combine(Path, SafeName.OfFolder(experiment));

    /// <summary>A file that is named by its place in this folder.</summary>
    /// <param name="relative">With forward slashes.</param>
    public string In(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The files of numbers that runs leave: measures, what figures are drawn from, and tables.</summary>
    /// <returns>Their places below this folder, with forward slashes, in ordinal order.</returns>
    public IEnumerable<string> NumberFiles() =>
        FolderWalk.AllFiles(Path)
            .Where(file => file.EndsWith(".csv", StringComparison.Ordinal))
            .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
            .Where(file => file.Split('/') is [_, _, "measures.csv"] or [_, _, "tables" or "figures", _])
            .Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
