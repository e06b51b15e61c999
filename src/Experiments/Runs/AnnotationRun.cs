using System.Globalization;
using DiffusionLens;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Console;
using Experiments.Models;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Specs.Reading;
using Humanizer;

namespace Experiments.Runs;

/// <summary>
/// People answer what an experiment asks, in a browser: images first where they are missing, then the page, then the tables.
/// </summary>
internal static class AnnotationRun
{
    /// <summary>Does it, until it is ended by Ctrl-C or SIGTERM.</summary>
    /// <param name="request">What is asked about.</param>
    /// <param name="page">How the page is shown.</param>
    /// <param name="models">The model; one.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">Something in the request, the spec, a model or a results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted before the page was there; what was done is kept.</exception>
    public static void Execute(RunRequest request, PageRequest page, IReadOnlyList<ModelReference> models, Terminal terminal)
    {
        if (models is not [ModelReference model])
        {
            throw new BadInputException($"--model {request.Model.Model}: people are asked about one model at a time; name one");
        }

        Asset file = AssetCatalog.Experiments.Find(request.Spec);
        if (ExperimentReader.Read(file.Path) is not Spec spec)
        {
            throw new BadInputException($"{file.Path}: compares the answers of other experiments, and asks nothing itself; annotate those");
        }

        ReferenceImages references = page.References is string folder ? ReferenceImages.Of(folder) : ReferenceImages.None;
        request.Model.TellCost(terminal.Error);
        using Preparation prepared = new(
            request with
            {
                Model = request.Model with { Model = model.Text },
                Only = Stage.Images,
                Annotators = [AnnotatorKinds.People],
            },
            file,
            spec);
        if (request.DryRun)
        {
            prepared.Tell(terminal.Output);
            prepared.TellPlan(terminal.Output);
            return;
        }

        ExperimentRun.MakeImagesOf(prepared, terminal);
        Annotate(prepared, page, references, terminal);
    }

    private static void Annotate(Preparation prepared, PageRequest page, ReferenceImages references, Terminal terminal)
    {
        ResultsFolder folder = prepared.Folder;
        Answer[] asked = AnsweringStage.Asked(prepared.Plan, folder);
        if (asked.Length == 0)
        {
            throw new BadInputException($"{prepared.Plan.Spec.Path}: asks nothing about its images; add questions:");
        }

        IReadOnlyList<Answer> answers = TakeOver(folder, asked, terminal);
        IReadOnlyList<QuestionSet> sets = QuestionSet.Make(asked, page.ShuffleSeed, page.Overlap);
        using (AnswerJournal journal = AnswerJournal.Open(folder))
        {
            AnnotationWork work = new(asked, answers, sets, journal, references.For, prepared.Claim(terminal).RequireHeld);
            terminal.Output.WriteLine(
                $"questions   {asked.Length} in {"set".ToQuantity(sets.Count)}, {work.MissingCount} unanswered; "
                    + $"shuffled by seed {page.ShuffleSeed}"
                    + (page.Overlap > 0 ? string.Create(CultureInfo.InvariantCulture, $", {page.Overlap:0.##%} asked twice") : ""));
            Serve(folder, asked, page, references, work, terminal).GetAwaiter().GetResult();
            foreach ((string name, int count) in work.GivenNow)
            {
                terminal.Output.WriteLine($"answers     {count} given by {name}");
            }
        }

        prepared.Claim(terminal);
        TakeOver(folder, asked, terminal);
        int missing = AnswerTable.ReadIfThere(folder.Questions).Count;
        terminal.Output.WriteLine(
            missing > 0
                ? $"answers     {missing} are missing; the same command goes on"
                : "answers     all are there; 'run' with the same words draws the figures (answers by people: --annotators people)");
    }

    // What was answered goes into the tables: the same whether this was ended, or is started after it was cut off.
    private static IReadOnlyList<Answer> TakeOver(ResultsFolder folder, Answer[] asked, Terminal terminal)
    {
        AnswerLedger ledger = AnswerLedger.Open(folder, asked, EarlierAnnotator.AndPeople(folder));
        ledger.Save();
        ledger.SaveQuestions();
        foreach (string note in ledger.Notes)
        {
            terminal.Output.WriteLine($"answers     {note}");
        }

        return ledger.Answers;
    }

    private static async Task Serve(
        ResultsFolder folder,
        Answer[] asked,
        PageRequest page,
        ReferenceImages references,
        AnnotationWork work,
        Terminal terminal)
    {
        Dictionary<string, string> images = [];
        foreach (Answer question in asked)
        {
            images[question.ImageHash] = Path.GetFullPath(folder.In(question.Image));
        }

        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration end = terminal.Cancellation.Register(ended.SetResult);
        (AnnotationServer server, string link) =
            await AnnotationServer.StartAsync(page.Port, work, references, images, terminal.Error.WriteLine);
        await using (server)
        {
            server.OnEntered = another => terminal.Output.WriteLine($"another     {another}");
            terminal.Output.WriteLine($"open        {link}");
            terminal.Output.WriteLine("            Each link is for one browser, once. Ctrl-C ends; every answer is kept as it is given.");
            if (page.OpensBrowser)
            {
                BrowserWindow.Open(link);
            }

            await ended.Task;
        }
    }
}
