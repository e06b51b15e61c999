using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Paper;

/// <summary>The whole paper: every experiment on every model asked for, and one report of all.</summary>
internal static class PaperRun
{
    /// <summary>Runs it.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">A model has neither a folder nor answers, or something in what it takes is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(PaperRequest request, Terminal terminal)
    {
        if (request.Release is string release)
        {
            ImportRun.Execute(release, request.Results, terminal.Output);
        }

        string[] models = [.. request.Models.Concat(request.Release is null ? [] : ReleaseModel.All.Select(model => model.Name)).Distinct()];
        string[] specs = [.. Published.Items.SelectMany(item => item.Shows).Select(file => file.Experiment).Distinct().Select(name => AssetCatalog.Experiments.Find(name).Path)];
        string[] comparisons = [.. specs.Where(ComparisonReader.IsOne)], experiments = [.. specs.Except(comparisons)];
        ILookup<bool, string> isReleased = models.ToLookup(model => ReleaseModel.All.Any(known => known.Name == model));
        // All of it is checked before the first of it takes its minutes.
        (string Model, (RunRequest Request, Preparation Prepared)[] Runs)[] toRun =
        [
            .. isReleased[false].Select(model => (model, experiments.Select(experiment => Of(experiment, model)).Select(run => (run, Preparation.Of(run))).ToArray())),
        ];
        foreach ((string model, (RunRequest Request, Preparation Prepared)[] runs) in toRun)
        {
            foreach ((RunRequest run, Preparation prepared) in runs)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                ExperimentRun.Execute(run, prepared, terminal);
            }

            // Where people answer there may be none yet; each experiment has said so.
            if (Answers(experiments, request.Results, model).Experiments.Count > 0)
            {
                FiguresRun.Execute(comparisons, [ModelInfo.NameOf(model)], request.Results, terminal);
            }
        }

        if (isReleased[true].Any())
        {
            FiguresRun.Execute([], [.. isReleased[true]], request.Results, terminal);
        }

        string path = Path.Combine(request.Results, "paper", "report.html");
        PaperReport.Write(PaperReport.Gather(request.Results, [.. models.Select(model => Answers(experiments, request.Results, model))]), path);
        terminal.Output.WriteLine(path);

        RunRequest Of(string experiment, string model) => new(
            experiment, new ModelRequest(model, request.Device, request.DType, request.Variant), request.Sampler, request.Limits, Only: null,
            AnsweredResults.Folder(request.Results, Path.GetFileNameWithoutExtension(experiment), ModelInfo.NameOf(model)), Force: false, DryRun: false);
    }

    private static ModelAnswers Answers(IEnumerable<string> experiments, string results, string model) => new(
        ModelInfo.NameOf(model),
        ReleaseModel.All.FirstOrDefault(known => known.Name == model)?.Family ?? ModelInfo.Read(AssetCatalog.Models.Find(model).Path).Family,
        experiments.Select(SpecReader.Read)
            .Select(spec => AnsweredResults.Read(spec, results, ModelInfo.NameOf(model)))
            .OfType<AnsweredExperiment>()
            .ToDictionary(experiment => experiment.Spec.Name));
}
