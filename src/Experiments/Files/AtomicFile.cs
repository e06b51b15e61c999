using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>Files that are there whole or not at all, whenever the program is stopped.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a file beside its place and then moves it there, replacing what was there; links, devices and pipes stay what they are and
    /// are written through. Folders on the way are made.
    /// </summary>
    /// <param name="path">The file to have.</param>
    /// <param name="flushToDisk">Wait until it outlasts a power cut; false where <see cref="Flush"/> does that for many at once.</param>
    /// <exception cref="DiffusionLens.BadInputException">The place cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, bool flushToDisk = true)
    {
        try
        {
            if (!OutputFile.IsStream(path))
            {
                MakeFolder(Path.GetDirectoryName(OutputFile.TargetOf(path))!);
            }

            OutputFile.Write(path, write, flushToDisk);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, problem);
        }
    }

    /// <summary>Waits until files outlast a power cut.</summary>
    /// <exception cref="IOException">The disk has no room for one, or is broken.</exception>
    public static void Flush(IReadOnlyCollection<string> files) => OutputFile.Flush(files);

    // The name of a new folder stands in the one above it.
    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? above = Path.GetDirectoryName(folder);
        if (above is { Length: > 0 })
        {
            MakeFolder(above);
        }

        Directory.CreateDirectory(folder);
        if (above is { Length: > 0 })
        {
            OutputFile.FlushFolder(above);
        }
    }

    /// <summary>What to say of a place that cannot be written.</summary>
    /// <param name="path">The place.</param>
    /// <param name="problem">What the system says of it.</param>
    /// <param name="option">The option that names another place.</param>
    internal static DiffusionLens.BadInputException Unwritable(string path, Exception problem, string option = "--out") =>
        new($"{path}: cannot be written ({SystemFailure.ReasonOf(problem)}); give another place with {option}", problem);

    /// <summary>The same for text, as UTF-8 with line feeds as they are.</summary>
    /// <param name="path">The file to have.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="DiffusionLens.BadInputException">The place cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
