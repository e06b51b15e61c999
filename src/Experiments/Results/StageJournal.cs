using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Configs;
using DiffusionLens.Runtime;

namespace Experiments.Results;

/// <summary>
/// Keeps the manifest of a results folder: which stages were done, from what, what they left, and how long they took.
/// </summary>
internal sealed class StageJournal
{
    private const char BeforeProgram = '-';

    private readonly ResultsFolder _folder;
    private readonly FolderClaim? _claim;
    private readonly Dictionary<string, StageRecord> _stages;
    private RunManifest _manifest;

    /// <param name="manifest">The manifest of this run, with no stages.</param>
    /// <param name="claim">What is made sure of before anything is noted, or null.</param>
    public StageJournal(RunManifest manifest, ResultsFolder folder, FolderClaim? claim = null)
    {
        (_folder, _claim) = (folder, claim);
        Before = RunManifest.Read(folder);
        _manifest = manifest with { Threads = Before?.Threads, Sees = Before?.Sees, Command = manifest.Command ?? Before?.Command };
        _stages = new Dictionary<string, StageRecord>(Before?.Stages ?? new Dictionary<string, StageRecord>());
    }

    /// <summary>The manifest as an earlier run left it; null where there is none.</summary>
    public RunManifest? Before { get; }

    /// <summary>The manifest as it stands, with the stages in the line's order, whichever was noted first.</summary>
    public RunManifest Manifest => _manifest with
    {
        Stages = Enum.GetValues<Stage>().Select(stage => stage.Name()).Concat(_stages.Keys).Distinct()
            .Where(_stages.ContainsKey)
            .ToDictionary(name => name, name => _stages[name]),
    };

    /// <summary>What recognizers looked for when they gave the answers that are there, by question, where it is known.</summary>
    public IReadOnlyDictionary<string, string> Sees => _manifest.Sees ?? new Dictionary<string, string>();

    /// <summary>Notes what the files of stages are now, where another command has written them anew.</summary>
    /// <exception cref="BadInputException">The manifest cannot be written.</exception>
    public static void Renew(ResultsFolder folder)
    {
        if (RunManifest.Read(folder) is { } manifest)
        {
            StageJournal journal = new(manifest, folder);
            journal.Renew(Stage.Measures, [folder.Measures]);
            journal.Renew(Stage.Figures, folder.Drawings);
            journal.Renew(Stage.Explorer, [folder.ExplorerAnswers]);
        }
    }

    /// <summary>Notes that a stage is at work: where it is killed, nobody takes what it leaves for done.</summary>
    /// <exception cref="BadInputException">The manifest cannot be written.</exception>
    public void Begin(Stage stage, string inputs) =>
        Note(stage, new StageRecord(Done: false, inputs, CutOffSeconds(stage, inputs), []));

    /// <summary>Says in the manifest, when it is written next, how many threads images were computed on.</summary>
    /// <param name="threads">The numbers, the latest last.</param>
    public void SetThreads(params IReadOnlyList<int> threads) => _manifest = _manifest with { Threads = threads };

    /// <summary>
    /// Notes what recognizers look for from now on. Of a question that is not among these, their answers may still be there: what they
    /// looked for stays noted.
    /// </summary>
    /// <param name="sees">By question, as it stands under <c>sees</c> of the spec.</param>
    /// <exception cref="BadInputException">The manifest cannot be written.</exception>
    public void NoteSees(IReadOnlyDictionary<string, string> sees)
    {
        if (sees.All(entry => Sees.GetValueOrDefault(entry.Key) == entry.Value))
        {
            return;
        }

        _claim?.RequireHeld();
        _manifest = _manifest with { Sees = sees.Concat(Sees.Where(entry => !sees.ContainsKey(entry.Key))).ToDictionary() };
        Manifest.Write(_folder);
    }

    /// <summary>Whether a stage was ever done here, from whatever inputs.</summary>
    public bool Has(Stage stage) => Record(stage) is { Done: true };

    /// <summary>Whether a stage was done from these inputs, and all that it left is as it left it.</summary>
    public bool IsDone(Stage stage, string inputs) =>
        Record(stage) is { Done: true } record && record.Inputs == inputs && !record.Damage(_folder).Any();

    /// <summary>What a stage is done from: things, and the program by which it is.</summary>
    /// <param name="things">Hash of all but the program.</param>
    /// <param name="program">The program.</param>
    public static string InputsOf(string things, Guid program) => $"{things}{BeforeProgram}{program:N}";

    /// <summary>
    /// Whether a stage was done from these things, by whatever version of the program; also where nothing is known of that.
    /// </summary>
    public bool IsOf(Stage stage, string inputs) =>
        Record(stage) is not { } record
        || (record.Done && (!record.Inputs.Contains(BeforeProgram, StringComparison.Ordinal) || Things(record.Inputs) == Things(inputs)));

    /// <summary>What a stage left, from whatever inputs, that is not as it left it: each file with what is wrong with it.</summary>
    public IReadOnlyList<string> Damage(Stage stage) => Record(stage) is { Done: true } record ? [.. record.Damage(_folder)] : [];

    /// <summary>Does a stage and notes it down, also when it is cut off: then its time counts, and it is not done.</summary>
    /// <param name="inputs">Hash of all that it is done from.</param>
    /// <param name="outputs">The files and folders that it writes.</param>
    /// <param name="didWork">Whether there was anything to do; if not, the earlier note stands, with the files as they are now.</param>
    public T Do<T>(Stage stage, string inputs, IReadOnlyList<string> outputs, Func<T, bool> didWork, Func<T> work)
    {
        using Activity? activity = LensActivity.Start(stage.Name());
        double before = CutOffSeconds(stage, inputs);
        Stopwatch watch = Stopwatch.StartNew();
        T result;
        try
        {
            result = work();
        }
        catch
        {
            TryNote(stage, new StageRecord(Done: false, inputs, Seconds(), []));
            throw;
        }

        StageFile[] files = FilesOf(outputs);
        if (didWork(result))
        {
            Note(stage, new StageRecord(Done: true, inputs, Seconds(), files));
        }
        else
        {
            // Also where the process was killed between its last image and this note, or the manifest was lost.
            StageRecord? earlier = Record(stage);
            if (earlier is not { Done: true } || earlier.Inputs != inputs || !earlier.Files.SequenceEqual(files))
            {
                Note(stage, new StageRecord(Done: true, inputs, earlier?.Seconds ?? 0, files));
            }
        }

        return result;

        double Seconds() => Math.Round(before + watch.Elapsed.TotalSeconds, 1);
    }

    private static string Things(string inputs) => inputs.Split(BeforeProgram)[0];

    private double CutOffSeconds(Stage stage, string inputs) =>
        Record(stage) is { Done: false } cutOff && cutOff.Inputs == inputs ? cutOff.Seconds : 0;

    // What a stage left elsewhere than in these is to be as it left it.
    private void Renew(Stage stage, IReadOnlyList<string> outputs)
    {
        if (Record(stage) is not { Done: true } record)
        {
            return;
        }

        string[] places = [.. outputs.Select(_folder.RelativeOf)];
        IEnumerable<StageFile> others = record.Files.Where(file => !places.Any(place =>
            file.Path == place || file.Path.StartsWith(place + "/", StringComparison.Ordinal)));
        StageFile[] files = [.. others.Concat(FilesOf(outputs)).OrderBy(file => file.Path, StringComparer.Ordinal)];
        if (!record.Files.SequenceEqual(files))
        {
            Note(stage, record with { Files = files });
        }
    }

    private StageRecord? Record(Stage stage) => _stages.GetValueOrDefault(stage.Name());

    private void Note(Stage stage, StageRecord record)
    {
        _claim?.RequireHeld();
        _stages[stage.Name()] = record;
        Manifest.Write(_folder);
    }

    // Where the stage failed, what it says is to be read, and not that this could not be noted either.
    private void TryNote(Stage stage, StageRecord record)
    {
        try
        {
            Note(stage, record);
        }
        catch (Exception second) when (second is BadInputException || SystemFailure.Line(second) is not null)
        {
            // What cut it off is what is told; the next run does the stage again all the same.
        }
    }

    private StageFile[] FilesOf(IReadOnlyList<string> outputs) =>
        [
            .. outputs
                .SelectMany(path =>
                    Directory.Exists(path) ? FolderWalk.AllFiles(path)
                    : File.Exists(path) ? [path]
                    : [])
                .Where(file => !UnfinishedFile.IsOne(file))
                .Select(file => StageFile.Of(file, _folder))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
}
