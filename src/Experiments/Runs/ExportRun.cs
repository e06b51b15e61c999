using DiffusionLens;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.HuggingFace;
using Experiments.LabelStudio;
using Experiments.Models;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tables;
using Humanizer;

namespace Experiments.Runs;

/// <summary>An experiment's results for other programs.</summary>
internal static class ExportRun
{
    /// <summary>Writes what is wanted and tells of it.</summary>
    /// <param name="specName">An experiment's name or file.</param>
    /// <param name="model">A model as <c>run</c> had it, or the name that its results have.</param>
    /// <param name="folder">The results folder; null: that of the experiment and the model.</param>
    /// <param name="results">The folder of all results.</param>
    /// <param name="target">What to write, and where.</param>
    /// <exception cref="BadInputException">There is nothing to write, or a file cannot be read or written.</exception>
    public static void Execute(string specName, string model, string? folder, ResultsRoot results, ExportTarget target, TextWriter output)
    {
        Experiment experiment = ExperimentReader.Read(AssetCatalog.Experiments.Find(specName).Path);
        bool isName = Path.GetFileName(model) == model && Directory.Exists(results.Of(experiment.Name, model).Path);
        string name = isName ? model : ModelReference.Find(model).Name;
        ResultsFolder written = folder is null ? results.Of(experiment.Name, name) : new ResultsFolder(folder);
        if (target.LabelStudio is { } project)
        {
            int count = LabelStudioExport.Write(written, experiment.Name, name, LastPlan.Of(written), project);
            output.WriteLine($"{project}: {count} tasks; README.md in it says how to import them");
        }

        if (target.Dataset is { } dataset)
        {
            Spec spec = experiment as Spec ?? throw new BadInputException(
                $"{experiment.Name}: compares answers of other experiments and has no images; export those");
            Func<Answer, bool>? isPlanned = LastPlan.Of(written);
            if (AnswerTable.ReadIfThere(written.Answers).Count(answer => isPlanned?.Invoke(answer) == false) is > 0 and var others)
            {
                output.WriteLine(LastPlan.LeftOut(written, others));
            }

            int images = DatasetFolder.Write(written, spec, name, isPlanned, dataset);
            output.WriteLine($"{dataset.Folder}: {"image".ToQuantity(images)}; README.md in it is the dataset's card");
        }

        if (target.Parquet is { } tables)
        {
            foreach ((string path, int lines) in ParquetTables.Write(written, tables))
            {
                output.WriteLine($"{path}: {lines} lines");
            }
        }
    }
}

/// <summary>What to write of an experiment's results; null: not that.</summary>
/// <param name="LabelStudio">Folder of a project for Label Studio, with the questions that people have not answered.</param>
/// <param name="Parquet">Folder of the tables in Parquet.</param>
/// <param name="Dataset">A dataset for the Hugging Face hub.</param>
internal sealed record ExportTarget(string? LabelStudio, string? Parquet, DatasetRequest? Dataset = null);
