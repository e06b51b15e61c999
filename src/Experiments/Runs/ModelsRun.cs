using DiffusionLens;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Files;
using Experiments.Models;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;

namespace Experiments.Runs;

/// <summary>
/// An experiment on one model or, one after another, on several; of several there is a report with all of them side by side.
/// </summary>
internal static class ModelsRun
{
    /// <summary>Does what is asked for.</summary>
    /// <param name="request">What to do; of several models <c>Out</c> is the folder with a folder for each.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">Something in the request, the spec, a model or a results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void Execute(RunRequest request, IReadOnlyList<ModelReference> models, Terminal terminal)
    {
        Asset file = AssetCatalog.Experiments.Find(request.Spec);
        Experiment experiment = ExperimentReader.Read(file.Path);
        if (experiment is Spec)
        {
            request.Model.TellCost(terminal.Error);
        }

        switch (experiment)
        {
            case Comparison comparison when WithoutEffect(request) is { } option:
                throw new BadInputException(
                    $"{option}: {comparison.Name} compares answers of other experiments and makes no images or answers; leave it out");
            case Comparison comparison:
                Compare(comparison, file, request, [.. models.Select(model => model.Name)], terminal);
                break;
            case Spec spec when models is [ModelReference only]:
                using (Preparation prepared = new(Of(request, only, request.Out), file, spec))
                {
                    Execute(prepared, terminal);
                }

                break;
            case Spec spec:
                ExecuteAll(request, models, file, spec, terminal);
                break;
        }
    }

    /// <summary>An option that a comparison does not heed; null: none was given. --force is none: it is always made again.</summary>
    private static string? WithoutEffect(RunRequest request) => request switch
    {
        { Shard: { } shard } => $"--shard {shard}",
        { Only: { } stage } => $"--only {stage.ToString().ToLowerInvariant()}",
        { Mixed: true } => "--mixed",
        { Options: [var first, ..] } => first,
        _ => null,
    };

    private static void Compare(Comparison comparison, Asset file, RunRequest request, IReadOnlyList<string> models, Terminal terminal)
    {
        ResultsFolder? folder = request.Out is string asked && models is [_] ? new ResultsFolder(asked) : null;
        terminal.Output.WriteLine($"comparison  {comparison.Name}: {comparison.Title} ({file})");
        if (request.DryRun)
        {
            foreach (string model in models)
            {
                string[] there =
                [
                    .. ComparisonRun.Read(comparison, ResultsRoot.Default, model).Experiments.Keys.Order(StringComparer.Ordinal),
                ];
                terminal.Output.WriteLine(
                    $"{model,-12}{(there.Length > 0 ? $"answers of {string.Join(", ", there)}" : "no answers")}; "
                        + $"results {folder ?? ResultsRoot.Default.Of(comparison.Name, model)}");
            }

            return;
        }

        if (request.Out is not null && folder is null)
        {
            throw new BadInputException($"--out {request.Out}: a comparison of several models writes a folder for each; leave --out out");
        }

        IReadOnlyList<DrawnComparison> written = ComparisonRun.Execute(
            comparison, ResultsRoot.Default, models, folder, terminal.Error.WriteLine);
        if (written.Count == 0)
        {
            throw new BadInputException(
                $"--model {string.Join(',', models)}: there are no answers below {ResultsRoot.Default} that {comparison.Name} reads; "
                    + "run its experiments first");
        }

        foreach (DrawnComparison drawn in written)
        {
            terminal.Output.WriteLine(drawn.Folder);
        }
    }

    private static void ExecuteAll(RunRequest request, IReadOnlyList<ModelReference> models, Asset file, Spec spec, Terminal terminal)
    {
        string folder = request.Out ?? ResultsRoot.Default.OfExperiment(spec.Name);
        List<Preparation> runs = [];
        try
        {
            foreach (ModelReference model in models)
            {
                runs.Add(new Preparation(Of(request, model, Path.Combine(folder, SafeName.OfFolder(model.Name))), file, spec));
            }

            if (!request.DryRun)
            {
                runs.ForEach(run => run.Claim(terminal));
            }

            ModelReport[] reports = [.. runs.Select(run => new ModelReport(run.Model.Name, Execute(run, terminal)))];
            if (!request.DryRun && request.Shard is null && request.Only is null or Stage.Report)
            {
                WriteReport(reports, new ResultsFolder(folder), terminal);
            }
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    private static Lazy<ReportContent>? Execute(Preparation prepared, Terminal terminal)
    {
        if (prepared.Request.Shard is null)
        {
            return ExperimentRun.Execute(prepared, terminal);
        }

        ShardRun.Execute(prepared, terminal);
        return null;
    }

    private static RunRequest Of(RunRequest request, ModelReference model, string? results) =>
        request with { Model = request.Model with { Model = model.Text }, Out = results };

    private static void WriteReport(ModelReport[] reports, ResultsFolder folder, Terminal terminal)
    {
        if (reports.FirstOrDefault(report => report.Content is null) is { Model: string without })
        {
            terminal.Output.WriteLine($"report      of all models: not before {without} has its answers");
            return;
        }

        using (FolderClaim.Take(folder, terminal.Error.WriteLine, cancellation: terminal.Cancellation))
        {
            Report.Write(SideBySide.Of([.. reports.Select(report => (report.Model, report.Content!.Value))]), folder.Report);
        }

        terminal.Output.WriteLine(folder.Report);
    }

    private sealed record ModelReport(string Model, Lazy<ReportContent>? Content);
}
