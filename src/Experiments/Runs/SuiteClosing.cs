using DiffusionLens.Families;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>What the reports of many experiments on many models say besides their results.</summary>
internal static class SuiteClosing
{
    /// <summary>What the models are, how to make it all again, and what to cite.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="what">The command's name.</param>
    /// <param name="models">The models that were run, as they were named.</param>
    /// <param name="specs">The experiments.</param>
    /// <param name="further">Words of the command that the request does not have.</param>
    /// <exception cref="DiffusionLens.BadInputException">A manifest or a model cannot be read.</exception>
    public static ReportClosing Of(
        SuiteRequest request, string what, IReadOnlyList<string> models, IReadOnlyList<Spec> specs, params IReadOnlyList<string> further)
    {
        ILookup<string, RunManifest> manifests = (
            from model in models
            from spec in specs
            let manifest = RunManifest.Read(request.Results.Of(spec.Name, ModelInfo.NameOf(model)))
            where manifest is not null
            select (model, manifest)).ToLookup(run => run.model, run => run.manifest);
        return new ReportClosing
        {
            Models =
            [
                .. from model in models
                   where manifests[model].Any()
                   select ModelFacts.Of(
                       ModelFamily.Inspect(ModelReference.Find(model).Paths, request.Variant, request.SingleFile),
                       manifests[model].First()),
            ],
            Again =
            [
                RepeatText.Of(
                    RepeatCommand.Of(what, request.Models, [.. request.Options ?? [], .. further]),
                    [.. manifests.SelectMany(run => run)]),
            ],
            Citations = Citation.Text(Citation.All(specs.SelectMany(spec => spec.Cites))),
        };
    }

    /// <summary>What the answers of a model's experiments are worth; null where there are none.</summary>
    /// <param name="model">The model as it was named; null: one that others ran.</param>
    /// <param name="name">Its name.</param>
    /// <param name="experiments">Its experiments.</param>
    /// <exception cref="DiffusionLens.BadInputException">What is known of its recognizer cannot be read.</exception>
    public static TableSheet? AccuracyOf(
        SuiteRequest request, string? model, string name, IEnumerable<AnsweredExperiment> experiments)
    {
        IReadOnlyList<CalibrationTable> known = model is null ? []
            : KnownErrors.Of(ModelInfo.Read(ModelReference.Find(model).Paths, request.SingleFile));
        IReadOnlyList<AnsweredKind> said = AnsweredKind.All(experiments, known);
        return said.Count == 0 ? null : AccuracyTable.Of(said) with { Title = $"What their answers are worth, {name}" };
    }
}
