using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>Finds out before the work whether its results can be kept.</summary>
internal static class WritableFolder
{
    /// <summary>Makes the folder where it is not there, and writes and deletes a file in it.</summary>
    /// <param name="option">The option that names another.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static void Check(string folder, string option = "--out") => Check(folder, ".writable", option);

    /// <summary>The same for the folder that a file is to be written in; a device or a pipe needs none.</summary>
    /// <param name="option">The option that names another.</param>
    /// <exception cref="BadInputException">The folder cannot be written, or there is a folder in the file's place.</exception>
    public static void CheckFor(string file, string option)
    {
        if (Path.GetFileName(file).Length == 0 || Directory.Exists(file))
        {
            throw new BadInputException($"{option} '{file}': is no file's name; give one");
        }

        if (!OutputFile.IsStream(file))
        {
            string target = TargetOf(file, option);
            Check(Path.GetDirectoryName(target)!, Path.GetFileName(target), option);
        }
    }

    private static void Check(string folder, string name, string option)
    {
        if (folder.Length == 0)
        {
            throw new BadInputException($"{option}: nothing stands here; it should be a folder");
        }

        try
        {
            Directory.CreateDirectory(folder);
            Leftovers.RemoveForsaken(folder);
            File.Create(UnfinishedFile.Beside(Path.Combine(folder, name)), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(folder, problem, option);
        }
    }

    private static string TargetOf(string file, string option)
    {
        try
        {
            return OutputFile.TargetOf(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Unwritable(file, problem, option);
        }
    }
}
