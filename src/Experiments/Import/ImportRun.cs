using Experiments.Console;
using Experiments.Results;

namespace Experiments.Import;

/// <summary>The import of the authors' released answers.</summary>
internal static class ImportRun
{
    /// <summary>Imports a release and tells of it.</summary>
    /// <param name="folder">The release.</param>
    /// <param name="results">The folder of results.</param>
    /// <param name="terminal">Where to tell of it.</param>
    /// <exception cref="DiffusionLens.BadInputException">It is no release, or a file cannot be read or written.</exception>
    public static void Execute(string folder, ResultsRoot results, Terminal terminal)
    {
        ReleaseImport release = ReleaseImport.Read(folder);
        foreach ((string file, string note) in release.Notes)
        {
            terminal.Output.WriteLine($"{file}: {note}");
        }

        foreach ((string path, int count) in release.Write(results, terminal.Error.WriteLine))
        {
            terminal.Output.WriteLine($"{path}: {count} answers");
        }
    }
}
