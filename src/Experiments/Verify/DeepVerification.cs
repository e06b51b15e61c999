using DiffusionLens;
using Experiments.Answers;
using Experiments.Images;
using Experiments.Results;

namespace Experiments.Verify;

/// <summary>Reads every file of runs that is known to be as a run left it, and says what is not.</summary>
internal static class DeepVerification
{
    /// <summary>Reads all of it.</summary>
    /// <param name="path">A results folder, or a folder with such below it.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="BadInputException">There are no results, or somebody works in them.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DeepOutcome Check(string path, CancellationToken cancellation)
    {
        ResultsFolder[] folders = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "manifest.json", Below).Order(StringComparer.Ordinal)
                .Select(file => new ResultsFolder(Path.GetDirectoryName(file)!))]
            : throw new BadInputException($"{path}: there is no such folder of results");
        if (folders.Length == 0)
        {
            throw new BadInputException($"{path}: there are no results of runs in it; each has a manifest.json");
        }

        List<string> damage = [];
        int files = 0;
        foreach (ResultsFolder folder in folders)
        {
            if (FolderClaim.HolderOf(folder) is { } holder)
            {
                throw new BadInputException($"{folder}: is worked in by {holder}; wait until it is done");
            }

            files += Check(folder, damage, cancellation);
        }

        return new DeepOutcome(folders.Length, files, damage);
    }

    private static EnumerationOptions Below => new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    private static int Check(ResultsFolder folder, List<string> damage, CancellationToken cancellation)
    {
        int files = 1;
        if (RunManifest.Read(folder) is not { } manifest)
        {
            damage.Add($"{folder.Manifest} is not as a run of this version left it");
        }
        else
        {
            foreach (StageRecord stage in manifest.Stages.Values.Where(stage => stage.Done))
            {
                cancellation.ThrowIfCancellationRequested();

                // What people changed there is right; its own hash says when it was left.
                StageFile[] left = [.. stage.Files.Where(file => !AnswersFile.IsSealed(folder) || folder.In(file.Path) != folder.Answers)];
                files += left.Length;
                damage.AddRange((stage with { Files = left }).Damage(folder).Select(folder.In));
            }
        }

        return files + CheckAnswers(folder, damage) + CheckImages(folder, damage, cancellation);
    }

    private static int CheckAnswers(ResultsFolder folder, List<string> damage)
    {
        string[] tables = [folder.Answers, folder.Questions, folder.SupersededAnswers, folder.KeptAnswers];
        if (!AnswersFile.IsAsLeft(folder))
        {
            damage.Add($"{folder.Answers} is {(File.Exists(folder.Answers) ? "not as it was left" : "missing")}");
        }

        foreach (string table in tables.Where(table => table != folder.Answers || AnswersFile.IsAsLeft(folder)))
        {
            try
            {
                _ = table == folder.SupersededAnswers ? AnswerTable.ReadSuperseded(table) : AnswerTable.ReadIfThere(table);
            }
            catch (BadInputException problem)
            {
                damage.Add(problem.Message);
            }
        }

        return tables.Count(File.Exists);
    }

    // Those that are there, and those that answers are about.
    private static int CheckImages(ResultsFolder folder, List<string> damage, CancellationToken cancellation)
    {
        string[] there = Directory.Exists(folder.Images)
            ? [.. Directory.EnumerateFiles(folder.Images, "*.png", Below).Order(StringComparer.Ordinal)]
            : [];
        damage.AddRange(there.AsParallel().AsOrdered().WithCancellation(cancellation)
            .Select(file => (File: file, Status: ImageFile.StatusOf(file)))
            .Where(image => image.Status.Label is null)
            .Select(image => $"{image.File} {image.Status.Damage ?? "is no image of this program"}"));
        damage.AddRange(Answered(folder).Select(folder.In).Except(there).Where(file => !File.Exists(file))
            .Select(file => $"{file} is missing"));
        return there.Length;
    }

    private static IEnumerable<string> Answered(ResultsFolder folder)
    {
        try
        {
            return [.. AnswerTable.ReadIfThere(folder.Answers).Select(answer => answer.Image).Where(image => image.Length > 0).Distinct()];
        }
        catch (BadInputException)
        {
            return [];
        }
    }
}

/// <summary>What a deep verification found.</summary>
/// <param name="Folders">Results folders that were read.</param>
/// <param name="Files">Files that were read.</param>
/// <param name="Damage">What is not as it was left, a line a file.</param>
internal sealed record DeepOutcome(int Folders, int Files, IReadOnlyList<string> Damage);
