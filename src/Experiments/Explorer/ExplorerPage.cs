using Experiments.Answers;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Plans;
using Experiments.Results;

namespace Experiments.Explorer;

/// <summary>
/// <c>explore.html</c> and the folder beside it: a page on which the images of a run are looked at, opened as a file or from any web
/// server. Nothing in it is from elsewhere, and images are the run's own files.
/// </summary>
internal static class ExplorerPage
{
    private const string RunName = "exploredRun", AnswersName = "exploredAnswers", ModelsName = "exploredModels", Page = "explore.html";

    // Where the folder of all models may not be listed, the page stands alone.
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true };

    private static readonly string[] Parts =
    [
        "explore.css",
        "explore-data.js",
        "explore-state.js",
        "explore-stage.js",
        "explore-chart.js",
        "explore-lists.js",
        "explore-draw.js",
        "explore-evidence.js",
        "explore-cells.js",
        "explore-moves.js",
        "explore-copies.js",
        "explore.js",
    ];

    /// <summary>What is written: the page and its folder.</summary>
    public static string[] OutputsOf(ResultsFolder folder) => [folder.Explorer, folder.ExplorerParts];

    /// <summary>Writes the page with all it needs, each file whole or not at all.</summary>
    /// <param name="request">The run.</param>
    /// <param name="answers">All answers there are, main annotators first.</param>
    /// <param name="answered">The same as rows; null where there is none.</param>
    /// <param name="measures">What was measured of them; null: nothing yet.</param>
    /// <param name="folder">The results folder, with the images in it.</param>
    /// <param name="cancellation">Stops between two sheets of thumbnails.</param>
    /// <exception cref="DiffusionLens.BadInputException">An image is damaged, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Write(
        ExplorerRequest request,
        IReadOnlyList<Answer> answers,
        AnsweredExperiment? answered,
        MeasureTable? measures,
        ResultsFolder folder,
        CancellationToken cancellation = default)
    {
        ThumbnailSet thumbnails = ThumbnailSheets.Write([.. request.Plan.Images.Select(image => image.Path)], folder, cancellation);
        ExploredRun run = RunExploration.Of(request, thumbnails);
        ExplorerScript.Write(folder.ExplorerRun, RunName, run);
        ExplorerScript.Write(folder.ExplorerAnswers, AnswersName, AnswersExploration.Of(run, answers, answered, measures));
        foreach (string part in Parts)
        {
            AtomicFile.Write(folder.ExplorerPart(part), stream => Copy(part, stream));
        }

        AtomicFile.Write(folder.Explorer, stream => Copy(Page, stream));
        TellOthers(folder, request.Model);
    }

    /// <summary>Writes anew what was answered and measured, where there is a page. One that is damaged the next run makes again.</summary>
    /// <exception cref="DiffusionLens.BadInputException">A file cannot be written.</exception>
    public static void Renew(AnsweredExperiment answered, MeasureTable measures, ResultsFolder folder)
    {
        if (ReadRun(folder) is { } run)
        {
            ExplorerScript.Write(
                folder.ExplorerAnswers, AnswersName, AnswersExploration.Of(run, answered.Answers, answered, measures));
        }
    }

    /// <summary>The run that a page is of; null where there is none, or it is damaged.</summary>
    /// <exception cref="DiffusionLens.BadInputException">It cannot be read.</exception>
    public static ExploredRun? ReadRun(ResultsFolder folder) =>
        ExplorerScript.Read<ExploredRun>(folder.ExplorerRun, RunName) is { IsSound: true } run ? run : null;

    // A page that was opened as a file sees no folder beside its own. Where folders are named after models, they are one another's.
    private static void TellOthers(ResultsFolder folder, string model)
    {
        string path = Path.GetFullPath(folder.Path);
        if (Path.GetFileName(path) != SafeName.OfFolder(model))
        {
            return;
        }

        string[] models =
        [
            .. Directory.EnumerateDirectories(Path.GetDirectoryName(path)!, "*", Readable)
                .Where(other => File.Exists(new ResultsFolder(other).ExplorerRun))
                .Select(other => Path.GetFileName(other)!)
                .Order(StringComparer.Ordinal),
        ];
        if (models.Length > 1)
        {
            ExplorerScript.Write(folder.ExplorerModels, ModelsName, models);
        }
    }

    private static void Copy(string part, Stream target)
    {
        using Stream stream = typeof(ExplorerPage).Assembly.GetManifestResourceStream(part)
            ?? throw new InvalidOperationException($"{part} is not in the program");
        stream.CopyTo(target);
    }
}
