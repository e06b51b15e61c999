using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Figures;
using Experiments.Measures;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>Measures, figures and tables of answers that are there, generated or imported.</summary>
internal static class FiguresRun
{
    /// <summary>The folder of results where nobody says.</summary>
    public const string DefaultResults = "results";

    /// <summary>Draws everything there are answers for.</summary>
    /// <param name="specs">Names or files of experiments; none: all that are known.</param>
    /// <param name="models">The models' names.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">There are no answers, a spec or answers cannot be read, or a file cannot be written.</exception>
    public static void Execute(IReadOnlyList<string> specs, IReadOnlyList<string> models, string results, Terminal terminal)
    {
        HashSet<string> drawn = [];
        string[] files = [.. (specs.Count > 0 ? specs : AssetCatalog.Experiments.Names()).Select(name => AssetCatalog.Experiments.Find(name).Path)];
        foreach (string file in files.Where(file => !ComparisonReader.IsOne(file)))
        {
            Spec spec = SpecReader.Read(file);
            foreach (string model in models)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                if (AnsweredResults.Read(spec, results, model) is AnsweredExperiment experiment)
                {
                    string folder = AnsweredResults.Folder(results, spec.Name, model);
                    Draw(experiment, folder);
                    drawn.Add(model);
                    terminal.Output.WriteLine(folder);
                }
            }
        }

        foreach (string file in files.Where(ComparisonReader.IsOne))
        {
            foreach (string folder in ComparisonRun.Execute(ComparisonReader.Read(file), results, models))
            {
                drawn.UnionWith(Path.GetFileName(folder).Split('+'));
                terminal.Output.WriteLine(folder);
            }
        }

        if (models.FirstOrDefault(model => !drawn.Contains(model)) is string without)
        {
            throw new BadInputException(
                $"--model {without}: there are no answers below {results}; run an experiment on it, or take over the authors' answers with import");
        }
    }

    /// <summary>Writes measures, figures and tables of one experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="folder">Its results folder.</param>
    /// <exception cref="BadInputException">The last layer is needed and not there, or a file cannot be written.</exception>
    public static void Draw(AnsweredExperiment experiment, string folder)
    {
        MeasureTable measures = Measuring.Compute(experiment);
        MeasureTable.Write(Path.Combine(folder, MeasureTable.File), measures.Points);
        FigureDrawing.DrawAll(experiment, measures, folder);
        foreach (TableSheet sheet in ExperimentTables.Of(experiment, folder))
        {
            TableFiles.Write(sheet, folder);
        }
    }
}
