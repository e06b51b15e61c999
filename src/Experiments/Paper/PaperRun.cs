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
using Experiments.Tables;

namespace Experiments.Paper;

/// <summary>The whole paper: every experiment on every model asked for, and one report of all.</summary>
internal static class PaperRun
{
    /// <summary>Runs it.</summary>
    /// <param name="request">Models to run, and imported ones to draw.</param>
    /// <param name="release">The authors' release to import first, or null.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">A model has neither a folder nor answers, or something in what it takes is not
    /// right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(SuiteRequest request, string? release, Terminal terminal)
    {
        if (release is not null)
        {
            ImportRun.Execute(release, request.Results, terminal);
        }

        string[] models =
        [
            .. request.Models.Concat(release is null ? [] : ReleaseModel.All.Select(model => model.Name)).Distinct(),
        ];
        PaperSpec[] specs =
        [
            .. Published.Items.SelectMany(item => item.Shows).Select(file => file.Experiment).Distinct()
                .Select(AssetCatalog.Experiments.Find).Select(file => new PaperSpec(file, ExperimentReader.Read(file.Path))),
        ];
        new ModelRequest("", request.Device, request.DType).TellCost(terminal.Error);
        ILookup<bool, string> isReleased = models.ToLookup(model => ReleaseModel.All.Any(known => known.Name == model));
        Run(request, specs, [.. isReleased[false]], terminal);
        if (isReleased[true].Any())
        {
            FiguresRun.Execute([], [.. isReleased[true]], request.Results, terminal);
        }

        string path = request.Results.PaperReport;
        using FolderClaim claim = FolderClaim.Take(
            new ResultsFolder(Path.GetDirectoryName(path)!), terminal.Error.WriteLine, cancellation: terminal.Cancellation);
        Spec[] experiments = [.. specs.Select(spec => spec.Experiment).OfType<Spec>()];
        ModelAnswers[] answers = [.. models.Select(model => Answers(request, experiments, model))];
        PaperReport.Write(
            PaperReport.Gather(request.Results, answers) with
            {
                Accuracy =
                [
                    .. models.Zip(answers, (model, of) => SuiteClosing.AccuracyOf(
                        request, isReleased[false].Contains(model) ? model : null, of.Model, of.Experiments.Values)).OfType<TableSheet>(),
                ],
                Closing = SuiteClosing.Of(
                    request,
                    "paper",
                    [.. isReleased[false]],
                    experiments,
                    release is null ? [] : ["--release", RepeatCommand.WithoutPath(release)]),
            },
            path);
        terminal.Output.WriteLine(path);
    }

    // All of it is checked before the first of it takes its minutes.
    private static void Run(SuiteRequest request, PaperSpec[] specs, string[] models, Terminal terminal)
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
                        runs[^1].Runs.Add(new Preparation(request.Of(experiment, model), spec.File, experiment));
                    }
                }
            }

            runs.ForEach(ofModel => ofModel.Runs.ForEach(run => run.Claim(terminal)));
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
                    foreach (DrawnComparison drawn in ComparisonRun.Execute(
                        comparison, request.Results, [ofModel.Model], folderOfOne: null, terminal.Error.WriteLine))
                    {
                        terminal.Output.WriteLine(drawn.Folder);
                    }
                }
            }
        }
        finally
        {
            runs.ForEach(ofModel => ofModel.Runs.ForEach(run => run.Dispose()));
        }
    }

    private static ModelAnswers Answers(SuiteRequest request, IEnumerable<Spec> experiments, string model) =>
        new(
            ModelInfo.NameOf(model),
            ReleaseModel.All.FirstOrDefault(known => known.Name == model)?.Encoder
                ?? ModelInfo.Read(ModelReference.Find(model).Paths, request.SingleFile).EncoderKind,
            experiments
                .Select(spec => AnsweredResults.Read(spec, request.Results, ModelInfo.NameOf(model)))
                .OfType<AnsweredExperiment>()
                .ToDictionary(experiment => experiment.Spec.Name));

    private sealed record PaperSpec(Asset File, Experiment Experiment);

    private sealed record ModelRuns(string Model, List<Preparation> Runs);
}
