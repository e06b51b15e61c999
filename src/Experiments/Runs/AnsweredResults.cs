using DiffusionLens;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>Results that lie in the folder of results, whoever put them there.</summary>
internal static class AnsweredResults
{
    /// <summary>The folder of an experiment on a model.</summary>
    /// <param name="results">The folder of results.</param>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="model">The model's name.</param>
    public static string Folder(string results, string experiment, string model) => Path.Combine(results, experiment, model);

    /// <summary>Reads the answers of an experiment on a model.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="model">The model's name.</param>
    /// <returns>The experiment; null where it has no answers.</returns>
    /// <exception cref="BadInputException">The answers cannot be read.</exception>
    public static AnsweredExperiment? Read(Spec spec, string results, string model)
    {
        string path = Path.Combine(Folder(results, spec.Name, model), AnsweringStage.AnswersFile);
        return File.Exists(path) ? AnsweredExperiment.Of(spec, model, LastLayer(model), AnswerTable.Read(path)) : null;
    }

    // L of a model that is not on the shelf is the last layer that was answered.
    private static int? LastLayer(string model) =>
        ReleaseModel.All.FirstOrDefault(known => known.Name == model) is ReleaseModel imported ? imported.LastLayer
        : AssetCatalog.Models.Names().Contains(model) ? ModelInfo.Read(AssetCatalog.Models.Find(model).Path).LayerCount
        : null;
}
