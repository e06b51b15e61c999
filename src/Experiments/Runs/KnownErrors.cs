using Experiments.Measures;
using Experiments.Models;

namespace Experiments.Runs;

/// <summary>Where it stands how often annotators err.</summary>
internal static class KnownErrors
{
    /// <summary>Reads the tables that are named, and that which lies with the model's recognizer.</summary>
    /// <param name="named">Files; null where none is named.</param>
    /// <exception cref="DiffusionLens.BadInputException">A file that is named is not there, or is no such table.</exception>
    public static IReadOnlyList<CalibrationTable> Of(ModelInfo model, params IEnumerable<string?> named)
    {
        string? own = model.Recognizer is { } folder ? Path.Combine(folder, CalibrationTable.FileName) : null;
        return [.. named.OfType<string>().Concat(File.Exists(own) ? [own] : []).Distinct().Select(CalibrationTable.Read)];
    }
}
