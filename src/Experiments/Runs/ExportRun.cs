using Experiments.Catalog;
using Experiments.LabelStudio;
using Experiments.Models;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Runs;

/// <summary>An experiment's open questions as a project of Label Studio.</summary>
internal static class ExportRun
{
    /// <summary>Writes the project and tells of it.</summary>
    /// <param name="specName">An experiment's name or file.</param>
    /// <param name="model">A model as <c>run</c> had it, or the name that its results have.</param>
    /// <param name="folder">The results folder; null: that of the experiment and the model.</param>
    /// <param name="results">The folder of all results.</param>
    /// <param name="target">The folder to write.</param>
    /// <exception cref="DiffusionLens.BadInputException">There is nothing to ask, or a file cannot be read or written.</exception>
    public static void Execute(string specName, string model, string? folder, ResultsRoot results, string target, TextWriter output)
    {
        Experiment experiment = ExperimentReader.Read(AssetCatalog.Experiments.Find(specName).Path);
        bool isName = Path.GetFileName(model) == model && Directory.Exists(results.Of(experiment.Name, model).Path);
        string name = isName ? model : ModelReference.Find(model).Name;
        int count = LabelStudioExport.Write(
            folder is null ? results.Of(experiment.Name, name) : new ResultsFolder(folder), experiment.Name, name, target);
        output.WriteLine($"{target}: {count} tasks; README.md in it says how to import them");
    }
}
