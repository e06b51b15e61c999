using System.Diagnostics;
using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Results;

/// <summary>Keeps the manifest of a results folder: which stages were done, from what, and how long they took.</summary>
/// <param name="manifest">The manifest of this run, with no stages.</param>
internal sealed class StageJournal(RunManifest manifest, ResultsFolder folder)
{
    private readonly Dictionary<string, StageRecord> _stages = new(
        RunManifest.Read(folder)?.Stages ?? new Dictionary<string, StageRecord>());

    /// <summary>The manifest as it stands.</summary>
    public RunManifest Manifest => manifest with { Stages = _stages };

    /// <summary>Whether a stage was done from these inputs, and its files are there.</summary>
    public bool IsDone(Stage stage, string inputs) =>
        _stages.TryGetValue(NameOf(stage), out StageRecord? record)
        && record.Done
        && record.Inputs == inputs
        && record.Files.All(file => File.Exists(folder.In(file)));

    /// <summary>Does a stage and notes it down, also when it is cut off: then its time counts, and it is not done.</summary>
    /// <param name="inputs">Hash of all that it is done from.</param>
    /// <param name="outputs">The files and folders that it writes.</param>
    /// <param name="didWork">Whether there was anything to do; if not, the earlier note stands.</param>
    public T Do<T>(Stage stage, string inputs, IReadOnlyList<string> outputs, Func<T, bool> didWork, Func<T> work)
    {
        double before = _stages.GetValueOrDefault(NameOf(stage)) is { Done: false } cutOff && cutOff.Inputs == inputs ? cutOff.Seconds : 0;
        Stopwatch watch = Stopwatch.StartNew();
        T result;
        try
        {
            result = work();
        }
        catch
        {
            NoteCutOff();
            throw;
        }

        if (didWork(result))
        {
            Note(isDone: true);
        }

        return result;

        void Note(bool isDone)
        {
            double seconds = Math.Round(before + watch.Elapsed.TotalSeconds, 1);
            _stages[NameOf(stage)] = new StageRecord(isDone, inputs, seconds, isDone ? FilesOf(outputs) : []);
            Manifest.Write(folder);
        }

        // What cut it off is what is told, not that the disk has no room for this either.
        void NoteCutOff()
        {
            try
            {
                Note(isDone: false);
            }
            catch (Exception second) when (second is BadInputException || SystemFailure.Line(second) is not null)
            {
            }
        }
    }

    private static string NameOf(Stage stage) => stage.ToString().ToLowerInvariant();

    private string[] FilesOf(IReadOnlyList<string> outputs) =>
        [
            .. outputs
                .SelectMany(path =>
                    Directory.Exists(path) ? FolderWalk.AllFiles(path)
                    : File.Exists(path) ? [path]
                    : [])
                .Select(folder.RelativeOf)
                .Order(StringComparer.Ordinal),
        ];
}
