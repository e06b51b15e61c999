using System.Text.RegularExpressions;
using DiffusionLens;

namespace Experiments.HuggingFace;

/// <summary>How results are written as a dataset.</summary>
/// <param name="Folder">The folder to write; not there, or empty.</param>
internal sealed partial record DatasetRequest(string Folder)
{
    /// <summary>The license's name on the hub; null: that of the embedded models' images, and <c>unknown</c> for others.</summary>
    /// <exception cref="BadInputException">It is no such name.</exception>
    public string? License
    {
        get;
        init => field = value is null || Name().IsMatch(value) ? value : throw new BadInputException(
            $"--license '{value.ReplaceLineEndings(" ")}': is no name of a license on the hub; "
                + "it should be one like cc-by-4.0, mit, openrail++ or other");
    }

    /// <summary>Whether people keep their names and the times of their answers.</summary>
    public bool KeepsNames { get; init; }

    /// <summary>A <c>calibration.csv</c> that says what annotators are worth; null: the spec's, else the recognizer's own.</summary>
    public string? Calibration { get; init; }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
