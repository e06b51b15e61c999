using DiffusionLens;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Results;
using Experiments.Specs;

namespace Experiments.Runs;

/// <summary>Results that lie in the folder of results, whoever put them there.</summary>
internal static class AnsweredResults
{
    /// <summary>Reads the answers of an experiment on a model.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="tell">Told of answers that do not count.</param>
    /// <returns>The experiment; null where it has no answers, or none about what the last run planned.</returns>
    /// <exception cref="BadInputException">The answers cannot be read.</exception>
    public static AnsweredExperiment? Read(Spec spec, ResultsRoot results, string model, Action<string>? tell = null)
    {
        ResultsFolder folder = results.Of(spec.Name, model);
        if (!File.Exists(folder.Answers))
        {
            return null;
        }

        IReadOnlyList<Answer> all = AnswerTable.Read(folder.Answers);
        IReadOnlyList<Answer> counting = LastPlan.Of(folder) is { } isPlanned ? [.. all.Where(isPlanned)] : all;
        if (counting.Count < all.Count)
        {
            tell?.Invoke(LastPlan.LeftOut(folder, all.Count - counting.Count));
        }

        return all.Count > 0 && counting.Count == 0 ? null : AnsweredExperiment.Of(spec, model, LastLayerOf(model, folder), counting);
    }

    /// <summary>L of a model; null where no run left word of it, and it is neither one of the paper's nor one of the catalog.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="folder">The results of an experiment on it.</param>
    public static int? LastLayerOf(string model, ResultsFolder folder) =>
        LastPlan.LastLayerOf(folder) is int ofRun ? ofRun
        : ReleaseModel.All.FirstOrDefault(known => known.Name == model) is ReleaseModel imported ? imported.LastLayer
        : AssetCatalog.Models.Names().Contains(model) ? ModelInfo.Read(AssetCatalog.Models.Find(model).Path).LayerCount
        : null;
}
