using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>New folders that are there whole or not at all, whenever the program is stopped.</summary>
internal static class AtomicFolder
{
    /// <summary>Refuses a place where something is already.</summary>
    /// <param name="folder">The folder to have; not there, or empty.</param>
    /// <exception cref="BadInputException">There is a file, or a folder with something in it.</exception>
    public static void RequireFree(string folder)
    {
        string target = TargetOf(folder);
        if (File.Exists(target) || (Directory.Exists(target) && !FolderWalk.IsEmpty(target)))
        {
            throw new BadInputException($"{folder}: is there already; give a folder that is not there yet, or an empty one");
        }
    }

    /// <summary>Writes a folder beside its place and then moves it there. Folders on the way are made.</summary>
    /// <param name="folder">The folder to have; not there, or empty.</param>
    /// <param name="write">Writes what is to be in it, into the folder that it is given.</param>
    /// <exception cref="BadInputException">The place is taken or cannot be written.</exception>
    public static void Write(string folder, Action<string> write)
    {
        RequireFree(folder);
        string target = TargetOf(folder), unfinished = UnfinishedFile.Beside(target);
        try
        {
            Directory.CreateDirectory(unfinished);
            write(unfinished);
            if (Directory.Exists(target))
            {
                Directory.Delete(target);
            }

            Directory.Move(unfinished, target);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{folder}: cannot be written ({SystemFailure.ReasonOf(problem)}); give another folder", problem);
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    private static string TargetOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Length > 0 ? folder : "."));
}
