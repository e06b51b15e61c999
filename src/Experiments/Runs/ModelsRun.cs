using Experiments.Catalog;
using Experiments.Console;
using Experiments.Models;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs.Reading;

namespace Experiments.Runs;

/// <summary>An experiment on one model or, one after another, on several; of several there is a report with all of them side by side.</summary>
internal static class ModelsRun
{
    /// <summary>Does what is asked for.</summary>
    /// <param name="request">What to do; of several models <c>Out</c> is the folder with a folder for each.</param>
    /// <param name="models">The models.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="DiffusionLens.BadInputException">Something in the request, the spec, a model or a results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(RunRequest request, IReadOnlyList<ModelReference> models, Terminal terminal)
    {
        string spec = AssetCatalog.Experiments.Find(request.Spec).Path;
        if (ComparisonReader.IsOne(spec))
        {
            FiguresRun.Execute([request.Spec], [.. models.Select(model => model.Name)], FiguresRun.DefaultResults, terminal);
            return;
        }

        if (models is [ModelReference only])
        {
            RunRequest alone = Of(only, request.Out);
            ExperimentRun.Execute(alone, Preparation.Of(alone), terminal);
            return;
        }

        string folder = request.Out ?? AnsweredResults.Folder(FiguresRun.DefaultResults, Path.GetFileNameWithoutExtension(spec), "");
        (RunRequest Request, Preparation Prepared)[] runs =
        [
            .. models.Select(model => Of(model, Path.Combine(folder, model.Name))).Select(one => (one, Preparation.Of(one))),
        ];
        (string Model, Lazy<ReportContent>? Content)[] reports =
        [
            .. runs.Select(run => (run.Prepared.Model.Name, ExperimentRun.Execute(run.Request, run.Prepared, terminal))),
        ];
        if (!request.DryRun && request.Only is null or Stage.Report)
        {
            WriteReport(reports, Path.Combine(folder, Report.File), terminal);
        }

        RunRequest Of(ModelReference model, string? results) => request with { Model = request.Model with { Model = model.Text }, Out = results };
    }

    private static void WriteReport((string Model, Lazy<ReportContent>? Content)[] reports, string path, Terminal terminal)
    {
        if (reports.FirstOrDefault(report => report.Content is null) is { Model: string without })
        {
            terminal.Output.WriteLine($"report      of all models: not before {without} has its answers");
            return;
        }

        Report.Write(SideBySide.Of([.. reports.Select(report => (report.Model, report.Content!.Value))]), path);
        terminal.Output.WriteLine(path);
    }
}
