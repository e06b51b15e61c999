using DiffusionLens;

namespace Experiments.Specs.Reading;

/// <summary>Reads spec files, of either kind, once.</summary>
internal static class ExperimentReader
{
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The first thing that is wrong: where, and what would be right.</exception>
    public static Experiment Read(string path)
    {
        YamlFile file = YamlFile.Read(path);
        return ComparisonReader.IsOne(file) ? ComparisonReader.Read(path, file) : SpecReader.Read(path, file);
    }
}
