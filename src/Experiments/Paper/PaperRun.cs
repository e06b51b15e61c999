using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Import;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Results;
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
    /// <exception cref="BadInputException">A model has neither a folder nor answers, or something in what it takes is not
    /// right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(PaperRequest request, Terminal terminal)
    {
        if (request.Release is string release)
        {
            ImportRun.Execute(release, request.Results, terminal.Output);
        }

        string[] models =
        [
            .. request.Models.Concat(request.Release is null ? [] : ReleaseModel.All.Select(model => model.Name)).Distinct(),
        ];
        PaperSpec[] specs =
        [
            .. Published.Items.SelectMany(item => item.Shows).Select(file => file.Experiment).Distinct()
                .Select(AssetCatalog.Experiments.Find).Select(file => new PaperSpec(file, ExperimentReader.Read(file.Path))),
        ];
        ILookup<bool, string> isReleased = models.ToLookup(model => ReleaseModel.All.Any(known => known.Name == model));
        Run(request, specs, [.. isReleased[false]], terminal);
        if (isReleased[true].Any())
        {
            FiguresRun.Execute([], [.. isReleased[true]], request.Results, terminal);
        }

        string path = request.Results.PaperReport;
        Spec[] experiments = [.. specs.Select(spec => spec.Experiment).OfType<Spec>()];
        PaperReport.Write(
            PaperReport.Gather(request.Results, [.. models.Select(model => Answers(experiments, request.Results, model))]),
            path);
        terminal.Output.WriteLine(path);
    }

    // All of it is checked before the first of it takes its minutes.
    private static void Run(PaperRequest request, PaperSpec[] specs, string[] models, Terminal terminal)
    {
        List<ModelRuns> runs = [];
        try
        {
            foreach (string model in models)
            {
                runs.Add(new ModelRuns(ModelInfo.NameOf(model), []));
                foreach (PaperSpec spec in specs)
                {
                    if (spec.Experiment is Spec experiment)
                    {
                        runs[^1].Runs.Add(new Preparation(Of(request, experiment, model), spec.File, experiment));
                    }
                }
            }

            foreach (ModelRuns ofModel in runs)
            {
                foreach (Preparation run in ofModel.Runs)
                {
                    terminal.Cancellation.ThrowIfCancellationRequested();
                    ExperimentRun.Execute(run, terminal);
                }

                // Where people answer there may be no answers yet; each experiment has said so.
                foreach (Comparison comparison in specs.Select(spec => spec.Experiment).OfType<Comparison>())
                {
                    foreach (ResultsFolder folder in ComparisonRun.Execute(comparison, request.Results, [ofModel.Model], folderOfOne: null))
                    {
                        terminal.Output.WriteLine(folder);
                    }
                }
            }
        }
        finally
        {
            runs.ForEach(ofModel => ofModel.Runs.ForEach(run => run.Dispose()));
        }
    }

    private static RunRequest Of(PaperRequest request, Spec experiment, string model) => new()
    {
        Spec = experiment.Path,
        Model = new ModelRequest(model, request.Device, request.DType, request.Variant) { Cleaning = request.Cleaning },
        Sampler = request.Sampler,
        Limits = request.Limits,
        Out = request.Results.Of(experiment.Name, ModelInfo.NameOf(model)).Path,
    };

    private static ModelAnswers Answers(IEnumerable<Spec> experiments, ResultsRoot results, string model) =>
        new(
            ModelInfo.NameOf(model),
            ReleaseModel.All.FirstOrDefault(known => known.Name == model)?.Encoder
                ?? ModelInfo.Read(AssetCatalog.Models.Find(model).Path).EncoderKind,
            experiments
                .Select(spec => AnsweredResults.Read(spec, results, ModelInfo.NameOf(model)))
                .OfType<AnsweredExperiment>()
                .ToDictionary(experiment => experiment.Spec.Name));

    private sealed record PaperSpec(Asset File, Experiment Experiment);

    private sealed record ModelRuns(string Model, List<Preparation> Runs);
}
