using Experiments.Specs;

namespace Experiments.Plans;

/// <summary>A file that a spec names: it lies in the spec's folder, or is named from the current one.</summary>
internal static class SpecRelativeFile
{
    /// <param name="path">The file as the spec names it.</param>
    /// <param name="location">Where it does.</param>
    /// <exception cref="DiffusionLens.BadInputException">It is in neither location.</exception>
    public static string Find(string path, SourceLocation location)
    {
        string beside = Path.Combine(Path.GetDirectoryName(location.File) ?? "", path);
        return File.Exists(beside) ? beside
            : File.Exists(path) ? path
            : throw location.Error($"there is no file {path}, in the spec's folder or from the current one; write where it is");
    }
}
