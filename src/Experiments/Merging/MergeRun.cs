using DiffusionLens;
using Experiments.Console;
using Experiments.Plans;
using Experiments.Results;
using Humanizer;

namespace Experiments.Merging;

/// <summary>Joins results folders of one experiment on one model: images, answers, and the notes of what made them.</summary>
internal static class MergeRun
{
    /// <summary>Joins folders. All is read and checked before anything is written.</summary>
    /// <param name="paths">The folders.</param>
    /// <param name="target">Where to; what is there counts as the first of them.</param>
    /// <param name="tolerance">How many levels of 255 images may differ that several folders have; null: not at all, and all must be made
    /// by one kind of machine.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="BadInputException">A folder is none, or two contradict each other.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the same command goes on.</exception>
    public static void Execute(IReadOnlyList<string> paths, string target, int? tolerance, Terminal terminal)
    {
        ResultsFolder folder = new(target);
        string[] others = [.. paths.Where(path => Path.GetFullPath(path) != Path.GetFullPath(target)).DistinctBy(Path.GetFullPath)];
        MergedFolder[] sources = [.. others.Select(MergedFolder.Read)];
        RecordUnion.Of(sources, isTolerant: tolerance is not null);
        using FolderClaim claim = FolderClaim.Take(folder, terminal.Error.WriteLine, cancellation: terminal.Cancellation);
        MergedFolder[] folders = [.. MergedFolder.OfTarget(folder) is { } there ? new[] { there } : [], .. sources];
        IReadOnlyList<ShardRecord> records = RecordUnion.Of(folders, isTolerant: tolerance is not null);
        AnswerUnion answers = new();
        ImageUnion images = new(tolerance);
        foreach (MergedFolder source in folders)
        {
            answers.Add(source.Folder);
        }

        int all = folders.Sum(source => ImageUnion.FilesOf(source.Folder).Count());
        Show(terminal, "checked", all, onImage =>
        {
            foreach (MergedFolder source in folders)
            {
                images.Add(source.Folder, onImage, terminal.Cancellation);
            }

            return true;
        });
        foreach (ShardRecord record in records)
        {
            record.Write(folder.Shard((Shard.Parse(record.Shard) ?? new Shard(1, 1)).FileName));
        }

        int copied = Show(terminal, "copied", images.Count, onImage => images.CopyTo(folder, onImage, terminal.Cancellation));
        answers.WriteTo(folder);
        Tell(folders.Length, images, copied, answers, records, folder, terminal.Output);
    }

    private static void Tell(
        int folders,
        ImageUnion images,
        int copied,
        AnswerUnion answers,
        IReadOnlyList<ShardRecord> records,
        ResultsFolder folder,
        TextWriter output)
    {
        string largest = images.Different == 0 ? "" : $", by at most {"level".ToQuantity(images.LargestDifference)}";
        output.WriteLine(
            $"images      {images.Count} of {"folder".ToQuantity(folders)}, {copied} copied; {images.MetAgain} met again, "
                + $"{images.Different} of them with other pixels{largest}");
        output.WriteLine($"answers     {answers.Count}");
        string[] makers = [.. records.SelectMany(record => record.MadeBy).Select(made => made.Maker.ToString()).Distinct()];
        output.WriteLine($"made by     {string.Join("; ", makers)}");
        if (RecordUnion.Missing(records) is { Count: > 0 } missing)
        {
            output.WriteLine($"missing     {"shard".ToQuantity(missing.Count)}: {string.Join(", ", missing)}");
        }

        output.WriteLine($"results     {folder}; run the experiment with --out and without --shard for what follows images");
    }

    private static T Show<T>(Terminal terminal, string stage, int all, Func<Action, T> work)
    {
        int done = 0;
        return ProgressDisplay.Show(terminal, new ProgressLine(stage, "images", all), tell => work(() => tell(++done)));
    }
}
