using DiffusionLens;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Clusters;
using Experiments.Console;
using Experiments.Explorer;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>Figures and tables of what is there, generated or imported.</summary>
internal static class FiguresRun
{
    /// <summary>Draws everything there are answers or measures for. Answers are measured first, as the spec says now.</summary>
    /// <param name="specs">Names or files of experiments; none: all that are known.</param>
    /// <param name="models">The models' names.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <param name="calibration">What is known of annotators' errors, for which shares are corrected; null: what specs say.</param>
    /// <param name="page">A page with all figures, to be written too; null: none.</param>
    /// <exception cref="BadInputException">There is nothing, a spec or table cannot be read, or a file cannot be written.</exception>
    public static void Execute(
        IReadOnlyList<string> specs,
        IReadOnlyList<string> models,
        ResultsRoot results,
        Terminal terminal,
        CalibrationTable? calibration = null,
        string? page = null)
    {
        if (page is not null)
        {
            WritableFolder.CheckFor(page, "--page");
        }

        HashSet<string> drawn = [], told = [];
        Experiment[] experiments =
        [
            .. (specs.Count > 0 ? specs : AssetCatalog.Experiments.Names()).Select(name =>
                ExperimentReader.Read(AssetCatalog.Experiments.Find(name).Path)),
        ];
        foreach (Spec spec in experiments.OfType<Spec>())
        {
            FigureKinds.Require(spec);
            TypefaceNote.Tell(TypefaceNote.TextsOf(spec), terminal.Error);
            foreach (string model in models)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                if (Draw(spec, model, results, calibration, terminal, Tell))
                {
                    drawn.Add(model);
                    terminal.Output.WriteLine(results.Of(spec.Name, model));
                }
            }
        }

        foreach (Comparison comparison in experiments.OfType<Comparison>())
        {
            foreach (DrawnComparison written in ComparisonRun.Execute(comparison, results, models, folderOfOne: null, Tell))
            {
                drawn.UnionWith(written.Models);
                terminal.Output.WriteLine(written.Folder);
            }
        }

        if (models.FirstOrDefault(model => !drawn.Contains(model)) is string without)
        {
            throw new BadInputException(
                $"--model {without}: there are no answers below {results}; "
                    + "run an experiment on it, or take over the authors' answers with import");
        }

        if (page is not null)
        {
            string command = PageCommand(specs, models, results, page, calibration?.Source);
            AtomicFile.WriteText(page, FiguresPage.Of(page, command, experiments, models, results));
            terminal.Output.WriteLine(page);
        }

        // Several comparisons read the same answers.
        void Tell(string note)
        {
            if (told.Add(note))
            {
                terminal.Error.WriteLine(note);
            }
        }
    }

    /// <summary>The command that writes a page again, with no path that is of one machine.</summary>
    /// <param name="calibration">The file of what is known of annotators' errors; null: none was given.</param>
    internal static string PageCommand(
        IReadOnlyList<string> specs, IReadOnlyList<string> models, ResultsRoot results, string page, string? calibration)
    {
        IEnumerable<string> root = results == ResultsRoot.Default ? [] : ["--results", Here(results.Path)];
        IEnumerable<string> known = calibration is null ? [] : ["--calibration", Here(calibration)];
        return ShellWords.Join(
        [
            "dlens-repro", "figures", .. specs.Select(Here), "--model", string.Join(',', models), .. root, .. known, "--page", Here(page),
        ]);

        // A path from the root is of one machine; the page itself may not be there yet.
        static string Here(string path) => Path.IsPathRooted(path) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) : path;
    }

    private static bool Draw(
        Spec spec, string model, ResultsRoot results, CalibrationTable? calibration, Terminal terminal, Action<string> tell)
    {
        ResultsFolder folder = results.Of(spec.Name, model);
        if (!File.Exists(folder.Answers) && !File.Exists(folder.Measures))
        {
            return false;
        }

        using FolderClaim claim = FolderClaim.Take(folder, terminal.Error.WriteLine, cancellation: terminal.Cancellation);
        if (!AnswersFile.IsAsLeft(folder))
        {
            terminal.Error.WriteLine($"{folder.Answers} is not as it was left; what stands in it now is measured");
        }

        AnsweredExperiment? answered = AnsweredResults.Read(spec, results, model, tell);
        if (answered is null && File.Exists(folder.Answers))
        {
            // Then measures that are there are of what is not asked for any more.
            return false;
        }

        calibration ??= spec.Calibration is { } file ? CalibrationTable.Read(file) : null;
        if (answered is not null)
        {
            // What was measured before may be of other answers, of the spec as it was then, or corrected by another calibration.
            MeasureTable.Write(folder.Measures, Measuring.Compute(answered, calibration).Points);
        }

        MeasureTable measures = MeasureTable.Read(folder.Measures);
        int lastLayer = answered?.LastLayer ?? AnsweredResults.LastLayerOf(model, folder) ?? measures.Points.Max(point => point.Layer);
        FigureDrawing.DrawAll(spec, measures, model, lastLayer, folder);
        if (answered is not null)
        {
            TableFiles.WriteAll(answered, measures, folder);
            ExplorerPage.Renew(answered, measures, folder);
        }

        StageJournal.Renew(folder);
        return true;
    }
}
