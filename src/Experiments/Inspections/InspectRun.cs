using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Weights.SingleFiles;
using Experiments.Console;
using Experiments.Models;

namespace Experiments.Inspections;

/// <summary>What a model is, by its configs and the headers of its weights.</summary>
internal static class InspectRun
{
    /// <summary>Says it on the terminal.</summary>
    /// <param name="model">What <see cref="ModelReference.Find"/> takes.</param>
    /// <param name="variant">The variant of weights that would be asked for, or null.</param>
    /// <param name="singleFile">What was said of a model in a single file, or null.</param>
    /// <param name="json">As JSON, for programs.</param>
    /// <param name="terminal">Where to.</param>
    /// <exception cref="BadInputException">It is no model, or cannot be loaded; then all else was said before.</exception>
    public static void Execute(string model, string? variant, SingleFileOptions? singleFile, bool json, Terminal terminal)
    {
        ModelReference reference = ModelReference.Find(model);
        ModelInspection inspection = ModelFamily.Inspect(reference.Paths, variant, singleFile);
        if (json)
        {
            InspectionJson.Write(reference, inspection, terminal.Output);
        }
        else
        {
            InspectionCard.Write(reference, inspection, terminal);
        }

        if (inspection.Errors.Count > 0)
        {
            throw new BadInputException(inspection.Errors[0]);
        }
    }
}
