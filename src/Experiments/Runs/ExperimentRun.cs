using DiffusionLens;
using Experiments.Answers;
using Experiments.Console;
using Experiments.Figures;
using Experiments.Files;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Tables;

namespace Experiments.Runs;

/// <summary>An experiment from its spec to its report: the stages one after another, each from what the one before it wrote.</summary>
internal sealed class ExperimentRun
{
    private readonly RunRequest _request;
    private readonly Terminal _terminal;
    private readonly Preparation _prepared;
    private readonly Plan _plan;
    private readonly string _folder;
    private readonly StageJournal _journal;
    private readonly Lazy<ReportContent> _report;
    private bool _didSomething;

    private ExperimentRun(RunRequest request, Terminal terminal, Preparation prepared)
    {
        (_request, _terminal, _prepared) = (request, terminal, prepared);
        (_plan, _folder) = (prepared.Plan, prepared.Folder);
        _journal = new StageJournal(prepared.Manifest, prepared.Folder);
        _report = new Lazy<ReportContent>(Gathered);
    }

    /// <summary>Does what is asked for.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="prepared">Its preparation.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <returns>What its report says; null where there is none yet.</returns>
    /// <exception cref="BadInputException">The results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static Lazy<ReportContent>? Execute(RunRequest request, Preparation prepared, Terminal terminal)
    {
        prepared.Tell(terminal.Output);
        if (request.DryRun)
        {
            prepared.TellPlan(terminal.Output);
            return null;
        }

        WritableFolder.Check(prepared.Folder);
        ExperimentRun run = new(request, terminal, prepared);
        return run.Execute() ? run._report : null;
    }

    // True where the report is there and says all that was planned.
    private bool Execute()
    {
        if (IsWanted(Stage.Images))
        {
            MakeImages();
        }

        if (IsWanted(Stage.Answers) && !GiveAnswers())
        {
            ExperimentStrips.DrawAll(_plan, answers: null, _folder);
            Say("strips", "drawn without answers");
            return false;
        }

        Do(Stage.Measures, [AnsweringStage.AnswersFile], [MeasureTable.File], () => MeasureTable.Write(PathOf(MeasureTable.File), Measures().Points));
        Do(Stage.Figures, [AnsweringStage.AnswersFile, MeasureTable.File], [FigureDrawing.Folder, TableFiles.Folder, ExperimentStrips.Folder], Draw);
        Do(Stage.Report, [AnsweringStage.AnswersFile, MeasureTable.File], [Report.File], () => Report.Write(_report.Value, PathOf(Report.File)));
        if (!_didSomething)
        {
            _terminal.Output.WriteLine("Nothing to do: all of it is there.");
        }

        bool isReported = File.Exists(PathOf(Report.File));
        if (isReported)
        {
            _terminal.Output.WriteLine(PathOf(Report.File));
        }

        return isReported;
    }

    private void MakeImages()
    {
        LoadedModel? model = null;
        try
        {
            ImagesOutcome outcome = _journal.Do(
                Stage.Images,
                Fingerprint.Of(_prepared.Recipe, PlanPrint()),
                [],
                outcome => outcome.Made + outcome.Replaced > 0,
                () => ProgressDisplay.Show(_terminal, new ProgressLine("images", "images", _plan.ImageCount), tell => ImagesStage.Run(
                    _plan, _prepared.Recipe, _folder, Load, _request.Force, tell, _terminal.Cancellation)));
            _didSomething |= outcome.Made + outcome.Replaced > 0;
            Say(
                "images",
                outcome.Kept == _plan.ImageCount ? $"all {outcome.Kept} are there"
                    : $"{outcome.Made} made, {outcome.Replaced} made again, {outcome.Kept} were there");
        }
        finally
        {
            model?.Dispose();
        }

        ImageMaker Load() => (model = LoadedModel.Load(_prepared.Model.Folders, _request.Model, _prepared.Sampler)).Maker;
    }

    // True when every question has its answer.
    private bool GiveAnswers()
    {
        using RecognizerAnnotator? recognizer = _prepared.Model.Recognizer is string folder
            ? new RecognizerAnnotator(folder, _prepared.Manifest.Recognizer!, _prepared.Lexicon)
            : null;
        recognizer?.DropOutdated(PathOf(AnsweringStage.AnswersFile));
        ProgressLine line = new("answers", "answers", _plan.Questions.Count * _plan.Layers.Count * _plan.Seeds.Count);
        AnsweringOutcome outcome = _journal.Do(
            Stage.Answers,
            Fingerprint.Of(_prepared.Manifest.Recognizer, PlanPrint()),
            [AnsweringStage.AnswersFile],
            outcome => outcome.Asked > 0,
            () => ProgressDisplay.Show(_terminal, line, tell => AnsweringStage.Run(
                _plan, _folder, recognizer?.Annotator, (done, _) => tell(done), _terminal.Cancellation)));
        _didSomething |= outcome.Asked > 0;
        if (outcome.Missing > 0)
        {
            Say("answers", $"{outcome.Missing} are missing: fill in {PathOf(AnsweringStage.QuestionsFile)} and run this again");
            return false;
        }

        Say("answers", outcome.Asked == 0 ? $"all {outcome.Kept} are there" : $"{outcome.Asked} given, {outcome.Kept} were there");
        return true;
    }

    private IReadOnlyList<Answer> Answers() => AnswerTable.Read(PathOf(AnsweringStage.AnswersFile));

    private AnsweredExperiment Answered() => AnsweredExperiment.Of(_plan, Answers(), _prepared.Model.Name);

    private MeasureTable Measures() => Measuring.Compute(Answered());

    private void Draw()
    {
        FiguresRun.Draw(Answered(), _folder);
        ExperimentStrips.DrawAll(_plan, Answers(), _folder);
    }

    private ReportContent Gathered()
    {
        RunManifest manifest = _journal.Manifest;
        return Report.Gather(_plan, Measures(), Answers(), _folder, RunFacts.Lead(manifest), RunFacts.Of(manifest));
    }

    // A stage of seconds: done whole or, where nothing it is made from has changed, not at all.
    private void Do(Stage stage, string[] from, string[] outputs, Action work)
    {
        if (!IsWanted(stage))
        {
            return;
        }

        string name = stage.ToString().ToLowerInvariant(), inputs = Inputs(from);
        if (!_request.Force && _journal.IsDone(stage, inputs))
        {
            Say(name, "there");
            return;
        }

        _terminal.Cancellation.ThrowIfCancellationRequested();
        _didSomething |= _journal.Do(stage, inputs, outputs, didWork => didWork, () =>
        {
            work();
            return true;
        });
        Say(name, $"written ({string.Join(", ", outputs)})");
    }

    private bool IsWanted(Stage stage) => _request.Only is null || _request.Only == stage;

    private void Say(string stage, string text) => _terminal.Output.WriteLine($"{stage,-12}{text}");

    private string PlanPrint() => Fingerprint.Of(
        _prepared.Manifest.Spec,
        _plan.Prompts.Select(prompt => new { prompt.Number, prompt.Condition, prompt.Text, prompt.Folder }),
        _plan.Layers,
        _plan.Seeds);

    // What a stage is made from: this program, the plan, and files of earlier stages.
    private string Inputs(string[] files) => Fingerprint.Of(
        typeof(ExperimentRun).Module.ModuleVersionId, PlanPrint(), files.Select(file => Fingerprint.OfFile(PathOf(file))));

    private string PathOf(string file) => Path.Combine(_folder, file);
}
