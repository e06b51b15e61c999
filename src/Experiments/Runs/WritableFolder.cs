using Lens;

namespace Experiments.Runs;

/// <summary>Finds out before the work whether its results can be kept.</summary>
internal static class WritableFolder
{
    /// <summary>Makes the folder where it is not there, and writes and deletes a file in it.</summary>
    /// <param name="folder">The folder; empty: the current one.</param>
    /// <exception cref="BadInputException">It cannot be written.</exception>
    public static void Check(string folder)
    {
        string probe = Path.Combine(folder, $".writable.{Environment.ProcessId}");
        WholeFile.WriteText(probe, "");
        File.Delete(probe);
    }
}
