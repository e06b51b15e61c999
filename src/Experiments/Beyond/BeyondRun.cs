using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Results;
using Experiments.Runs;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Experiments.Tables;

namespace Experiments.Beyond;

/// <summary>All experiments that followed the paper, on every model asked for, and one report of them.</summary>
internal static class BeyondRun
{
    /// <summary>Runs what each model can be asked; what it cannot is said, in the terminal and in the report.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">A model can be asked nothing, or something in what it takes is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(SuiteRequest request, Terminal terminal)
    {
        FollowUpRuns[] all =
        [
            .. from followUp in FollowUp.All
               let file = AssetCatalog.Experiments.Find(followUp.Name)
               select new FollowUpRuns(followUp, file, (Spec)ExperimentReader.Read(file.Path)),
        ];
        new ModelRequest("", request.Device, request.DType).TellCost(terminal.Error);
        try
        {
            // All of it is checked before the first of it takes its minutes.
            foreach (string model in request.Models)
            {
                Prepare(all, request, model);
            }

            foreach (Preparation run in all.SelectMany(experiment => experiment.Runs))
            {
                run.Claim(terminal);
            }

            foreach (FollowUpRuns experiment in all)
            {
                foreach ((string model, string reason) in experiment.Refusals)
                {
                    terminal.Output.WriteLine($"{experiment.Spec.Name,-18}not on {model}: {reason}");
                }

                foreach (Preparation run in experiment.Runs)
                {
                    terminal.Cancellation.ThrowIfCancellationRequested();
                    ExperimentRun.Execute(run, terminal);
                }
            }
        }
        finally
        {
            foreach (Preparation run in all.SelectMany(experiment => experiment.Runs))
            {
                run.Dispose();
            }
        }

        string path = request.Results.BeyondReport;
        using FolderClaim claim = FolderClaim.Take(
            new ResultsFolder(Path.GetDirectoryName(path)!), terminal.Error.WriteLine, cancellation: terminal.Cancellation);
        Spec[] specs = [.. all.Select(experiment => experiment.Spec)];
        BeyondReport.Write(
            BeyondReport.Gather(all, [.. request.Models.Select(ModelInfo.NameOf)], request.Results) with
            {
                Accuracy =
                [
                    .. request.Models.Select(model => SuiteClosing.AccuracyOf(
                        request, model, ModelInfo.NameOf(model), Answered(specs, ModelInfo.NameOf(model), request.Results)))
                        .OfType<TableSheet>(),
                ],
                Closing = SuiteClosing.Of(request, "beyond", request.Models, specs),
            },
            path);
        terminal.Output.WriteLine(path);
    }

    private static IEnumerable<AnsweredExperiment> Answered(IEnumerable<Spec> specs, string model, ResultsRoot results) =>
        specs.Select(spec => AnsweredResults.Read(spec, results, model)).OfType<AnsweredExperiment>();

    private static void Prepare(FollowUpRuns[] all, SuiteRequest request, string model)
    {
        string name = ModelInfo.NameOf(model);
        BadInputException? first = null;
        foreach (FollowUpRuns experiment in all)
        {
            try
            {
                experiment.Runs.Add(new Preparation(request.Of(experiment.Spec, model), experiment.File, experiment.Spec));
            }
            catch (BadInputException refusal)
            {
                first ??= refusal;
                experiment.Refusals[name] = refusal.Message;
            }
        }

        if (all.All(experiment => experiment.Refusals.ContainsKey(name)))
        {
            throw new BadInputException(first!.Message);
        }
    }
}
