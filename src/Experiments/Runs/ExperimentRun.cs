using DiffusionLens;
using Experiments.Answers;
using Experiments.Console;
using Experiments.Explorer;
using Experiments.Figures;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Models;
using Experiments.Plans;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Humanizer;
using TorchSharp;

namespace Experiments.Runs;

/// <summary>An experiment from its spec to its report: the stages one after another, each from what the one before it wrote.</summary>
internal sealed class ExperimentRun
{
    private const int NotesInFull = 10;

    private readonly Terminal _terminal;
    private readonly Preparation _prepared;
    private readonly Plan _plan;
    private readonly ResultsFolder _folder;
    private readonly StageJournal _journal;
    private readonly Lazy<string> _answersPrint, _measuresPrint, _knownPrint, _shownPrint;
    private readonly Lazy<MeasureTable> _measures;
    private readonly Lazy<ReportContent> _report;
    private Lazy<AnsweredExperiment> _answered;
    private IReadOnlyList<Answer> _given = [];
    private bool _didSomething;

    private ExperimentRun(Preparation prepared, FolderClaim claim, Terminal terminal)
    {
        (_terminal, _prepared, _plan, _folder) = (terminal, prepared, prepared.Plan, prepared.Folder);
        _journal = new StageJournal(prepared.Manifest, prepared.Folder, claim);

        // Each file is read once, when the stage that writes it is over.
        _answered = new Lazy<AnsweredExperiment>(() => Sorted(AnswerTable.Read(_folder.Answers)));
        _answersPrint = new Lazy<string>(() => Fingerprint.OfFile(_folder.Answers));
        _measuresPrint = new Lazy<string>(() => Fingerprint.OfFile(_folder.Measures));
        _knownPrint = new Lazy<string>(() => Fingerprint.OfFiles(_prepared.KnownErrors().Select(known => known.Source)));
        _shownPrint = new Lazy<string>(() => Fingerprint.Of(
            _prepared.Sampler, _plan.Images.Count(image => File.Exists(_folder.In(image.Path)))));
        _measures = new Lazy<MeasureTable>(() => MeasureTable.Read(_folder.Measures));
        _report = new Lazy<ReportContent>(Gathered);
    }

    /// <summary>Does what is asked for.</summary>
    /// <param name="prepared">What is asked for, prepared.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <returns>What its report says; null where there is none yet.</returns>
    /// <exception cref="BadInputException">The results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static Lazy<ReportContent>? Execute(Preparation prepared, Terminal terminal)
    {
        prepared.Tell(terminal.Output);
        if (prepared.Request.DryRun)
        {
            prepared.TellPlan(terminal.Output);
            return null;
        }

        FolderClaim claim = prepared.Claim(terminal);
        prepared.SaveDigests();
        ExperimentRun run = new(prepared, claim, terminal);
        return run.Execute() ? run._report : null;
    }

    /// <summary>Makes the images alone.</summary>
    /// <param name="prepared">What is asked for, prepared.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">The results folder is not right.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted; what was done is kept.</exception>
    public static void MakeImagesOf(Preparation prepared, Terminal terminal)
    {
        prepared.Tell(terminal.Output);
        FolderClaim claim = prepared.Claim(terminal);
        prepared.SaveDigests();
        FileHashes.Upgrade(prepared.Folder);
        new ExperimentRun(prepared, claim, terminal).MakeImages();
    }

    // True where the report is there and says all that was planned.
    private bool Execute()
    {
        if (IsWanted(Stage.Images) || IsWanted(Stage.Answers))
        {
            FileHashes.Upgrade(_folder);
        }

        if (IsWanted(Stage.Figures))
        {
            TypefaceNote.Tell(
                [.. TypefaceNote.TextsOf(_plan.Spec), .. _plan.Prompts.Select(prompt => prompt.Text), _prepared.Model.Name],
                _terminal.Error);
        }

        if (IsWanted(Stage.Images))
        {
            MakeImages();
        }

        if (IsWanted(Stage.Answers) && !GiveAnswers())
        {
            ExperimentStrips.DrawAll(_plan, rows: null, _folder);
            Say("strips", "drawn without answers");
            ReportWithoutAnswers();
            Do(Stage.Explorer, [_shownPrint, .. PrintsOfOpen()], ExplorerPage.OutputsOf(_folder), ExploreOpen);
            return false;
        }

        Do(
            Stage.Measures,
            MeasuredFrom(),
            [_folder.Measures],
            () => MeasureTable.Write(_folder.Measures, Measuring.Compute(_answered.Value, _prepared.Calibration).Points));
        Do(Stage.Figures, DrawnFrom(), [.. _folder.Drawings], Draw);
        Do(
            Stage.Report,
            [_answersPrint, _measuresPrint, _knownPrint],
            [_folder.Report],
            () => Report.Write(_report.Value, _folder.Report));
        Do(
            Stage.Explorer,
            [_shownPrint, _answersPrint, _measuresPrint],
            ExplorerPage.OutputsOf(_folder),
            () => Explore(_answered.Value.Answers, _answered.Value, _measures.Value));
        if (!_didSomething)
        {
            _terminal.Output.WriteLine("Nothing to do: all of it is there.");
        }

        bool isReported = File.Exists(_folder.Report);
        if (isReported)
        {
            _terminal.Output.WriteLine(_folder.Report);
        }

        return isReported;
    }

    private void MakeImages()
    {
        LoadedModel? model = null;
        string inputs = Fingerprint.Of(_prepared.Recipe, PlanPrint());
        try
        {
            ImagesOutcome outcome = _journal.Do(
                Stage.Images,
                inputs,
                [],
                outcome => outcome.Made + outcome.Replaced > 0,
                () => ProgressDisplay.Show(_terminal, new ProgressLine("images", "images", _plan.ImageCount), Make));
            _didSomething |= outcome.Made + outcome.Replaced > 0;
            SayDamaged("images", outcome.Damaged);
            Say(
                "images",
                outcome.Kept == _plan.ImageCount ? $"all {outcome.Kept} are there"
                    : $"{outcome.Made} made, {outcome.Replaced} made again, {outcome.Kept} were there");
            if (model is not null && outcome.Kept > 0 && OtherThreads() is { Length: > 0 } others)
            {
                Say(
                    "images",
                    $"those that were there were computed on {"thread".ToQuantity(others[0])}, these on {torch.get_num_threads()}: "
                        + "a pixel can differ by a level; --force makes all of them alike");
            }
        }
        finally
        {
            model?.Dispose();
        }

        ImagesOutcome Make(Action<double> tell)
        {
            ImagesOutcome outcome = ImagesStage.Run(
                _plan, _prepared.Recipe, _folder, Load, _prepared.Request.Force, tell, _terminal.Cancellation);
            if (model is not null && outcome.Kept == 0)
            {
                _journal.SetThreads(torch.get_num_threads());
            }

            return outcome;
        }

        ImageGenerator Load()
        {
            model = LoadedModel.Load(_prepared.Model.Folders, _prepared.Request.Model, _prepared.Sampler);
            _journal.SetThreads([.. OtherThreads(), torch.get_num_threads()]);
            _journal.Begin(Stage.Images, inputs);
            return model.AsGenerator();
        }
    }

    // On which images that are there were computed, and none is now.
    private int[] OtherThreads() => [.. (_journal.Before?.Threads ?? []).Except([torch.get_num_threads()])];

    // True when every question has its answer.
    private bool GiveAnswers()
    {
        ProgressLine line = new("answers", "answers", _prepared.AnswerCount);
        AnsweringOutcome outcome = _journal.Do(
            Stage.Answers,
            Fingerprint.Of(_prepared.Manifest.Annotators, PlanPrint()),
            [_folder.Answers],
            outcome => outcome.Asked > 0,
            () => ProgressDisplay.Show(_terminal, line, tell => AnsweringStage.Run(
                _plan, _folder, _prepared.Annotators, done => tell(done), _terminal.Error.WriteLine, _journal, _terminal.Cancellation)));
        _given = outcome.Answers;
        _answered = new Lazy<AnsweredExperiment>(() => Sorted(outcome.Answers));
        _didSomething |= outcome.Asked > 0;
        foreach (string note in outcome.Notes)
        {
            Say("answers", note);
        }

        if (outcome.Missing > 0)
        {
            Say("answers", $"{outcome.Missing} are missing: fill in {_folder.Questions} and run this again");
            return false;
        }

        Say("answers", outcome.Asked == 0 ? $"all {outcome.Kept} are there" : $"{outcome.Asked} given, {outcome.Kept} were there");
        return true;
    }

    private AnsweredExperiment Sorted(IReadOnlyList<Answer> answers) => AnsweredExperiment.Of(_plan, answers, _prepared.Model.Name);

    private void Draw()
    {
        FigureDrawing.DrawAll(_plan.Spec, _measures.Value, _prepared.Model.Name, _plan.LastLayer, _folder);
        TableFiles.WriteAll(_answered.Value, _measures.Value, _folder);
        ExperimentStrips.DrawAll(_plan, _answered.Value.Rows, _folder);
    }

    // As far as it was answered.
    private void ExploreOpen() => Explore(
        _given,
        _given.Any(answer => answer.Yes is not null)
            ? AnsweredExperiment.Of(_plan.Spec, _prepared.Model.Name, _plan.LastLayer, _given)
            : null,
        measures: null);

    private IEnumerable<Lazy<string>> PrintsOfOpen() =>
        new[] { _folder.Questions, _folder.Answers }.Where(File.Exists).Select(file => new Lazy<string>(() => Fingerprint.OfFile(file)));

    private void Explore(IReadOnlyList<Answer> answers, AnsweredExperiment? answered, MeasureTable? measures) => ExplorerPage.Write(
        new ExplorerRequest
        {
            Plan = _plan,
            Model = _prepared.Model.Name,
            Sampler = _prepared.Sampler.ToString(),
            PlannedFrom = _prepared.Manifest.PlannedFrom,
            Command = Command,
            PieceAt = _prepared.PieceAt,
        },
        answers,
        answered,
        measures,
        _folder,
        _terminal.Cancellation);

    // As the images were made, whatever is asked for now.
    private LensCommandLine Command
    {
        get
        {
            RunManifest made = _prepared.Manifest;
            bool isFirstStage = _prepared.Sampler.SuperResolution is null && _prepared.Model.SuperResolution is not null;
            return LensCommandLine.Of(
                _prepared.Request.Model with
                {
                    DType = made.Dtype,
                    Device = made.Device,
                    Variant = made.Variant,
                    MaxSequenceLength = made.MaxSequenceLength ?? _prepared.Request.Model.MaxSequenceLength,
                },
                _prepared.Model.Pooled,
                _prepared.Sampler,
                isFirstStage ? 1 : _prepared.Request.Sampler.LastStage);
        }
    }

    private ReportContent Gathered()
    {
        RunManifest manifest = _journal.Manifest;
        return Report.Gather(
            _plan,
            _measures.Value,
            _answered.Value,
            _prepared.KnownErrors(),
            _folder,
            RunFacts.Lead(manifest),
            RunFacts.Of(manifest)) with
        {
            Closing = Closing(_answered.Value.Answers),
        };
    }

    // One that was written with answers stays: it is out of date, and the next one with answers takes its place.
    private void ReportWithoutAnswers()
    {
        RunManifest manifest = _journal.Manifest;
        if (!IsWanted(Stage.Report) || _journal.Has(Stage.Report))
        {
            return;
        }

        Report.Write(
            Report.WithoutAnswers(_plan, rows: null, _folder, RunFacts.Lead(manifest), RunFacts.Of(manifest)) with
            {
                Missing = "Not all questions about these images have their answers yet, so there are no figures and no numbers.",
                Closing = Closing([]),
            },
            _folder.Report);
        Say("report", $"written without answers ({_folder.RelativeOf(_folder.Report)})");
    }

    private ReportClosing Closing(IReadOnlyList<Answer> answers) => new()
    {
        Models = [ModelFacts.Of(_prepared.Inspection(), _journal.Manifest)],
        Again = [RepeatText.Of(_journal.Manifest, answers)],
        Citations = Citation.Text(Citation.All(_plan.Spec.Cites)),
    };

    // A stage of seconds: done whole or, where nothing it is made from has changed, not at all.
    private void Do(Stage stage, Lazy<string>[] from, string[] outputs, Action work)
    {
        if (!IsWanted(stage))
        {
            return;
        }

        string name = stage.Name(), inputs = Inputs(from);
        if (!_prepared.Request.Force && _journal.IsDone(stage, inputs))
        {
            Say(name, "there");
            return;
        }

        RequireWhole(stage);
        _terminal.Cancellation.ThrowIfCancellationRequested();
        SayDamaged(name, _journal.Damage(stage));
        _didSomething |= _journal.Do(stage, inputs, outputs, didWork => didWork, () =>
        {
            work();
            return true;
        });
        Say(name, $"written ({string.Join(", ", outputs.Select(_folder.RelativeOf))})");
    }

    private Lazy<string>[] MeasuredFrom() => _prepared.Calibration is { } known
        ? [_answersPrint, new Lazy<string>(() => Fingerprint.OfFile(known.Source))]
        : [_answersPrint];

    private Lazy<string>[] DrawnFrom() => [_answersPrint, _measuresPrint];

    // What earlier stages wrote, where they are not asked for: if they are, they have made it again.
    private void RequireWhole(Stage stage)
    {
        if (!IsWanted(Stage.Answers) && !AnswersFile.IsAsLeft(_folder))
        {
            throw new BadInputException(
                $"{_folder.Answers}: is not as it was left; --only answers takes what people changed in it and makes the rest again");
        }

        foreach (Stage earlier in new[] { Stage.Measures, Stage.Figures }.Where(earlier => earlier < stage && !IsWanted(earlier)))
        {
            string? flaw = _journal.Damage(earlier) is [string damage, ..] ? damage
                : _journal.IsOf(earlier, Inputs(earlier == Stage.Measures ? MeasuredFrom() : DrawnFrom())) ? null
                : $"the stage {earlier.Name()} was cut off, or done from another spec, other options, answers or measures than these";
            if (flaw is not null)
            {
                throw new BadInputException($"{_folder}: {flaw}; --only {earlier.Name()} makes it again, or leave --only out");
            }
        }
    }

    private void SayDamaged(string stage, IReadOnlyList<string> damaged)
    {
        foreach (string damage in damaged.Take(NotesInFull))
        {
            Say(stage, $"{_folder}: {damage}; it is made again");
        }

        if (damaged.Count > NotesInFull)
        {
            Say(stage, $"{_folder}: so it is with {damaged.Count - NotesInFull} more");
        }
    }

    private bool IsWanted(Stage stage) => _prepared.Request.Only is null || _prepared.Request.Only == stage;

    private void Say(string stage, string text) => _terminal.Output.WriteLine($"{stage,-12}{text}");

    private string PlanPrint() => Fingerprint.Of(
        _prepared.Manifest.Spec,
        _plan.Prompts.Select(prompt => new
        {
            prompt.Number,
            prompt.Condition,
            prompt.Text,
            prompt.Folder,
            Key = SiteWords.Beside(string.Join(' ', prompt.Sites.Select(site => site.Key)), prompt.Handling),
        }),
        _plan.Layers,
        _plan.Seeds);

    // What a stage is made from: the plan and what earlier stages wrote, and this program.
    private string Inputs(Lazy<string>[] from) => StageJournal.InputsOf(
        Fingerprint.Of(PlanPrint(), from.Select(print => print.Value)), typeof(ExperimentRun).Module.ModuleVersionId);
}
