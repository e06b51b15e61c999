using Lens;

namespace Experiments.Runs;

/// <summary>A model as <c>--model</c> names it: one folder, or those of a cascade's stages with a comma between them.</summary>
/// <param name="Folders">The folders, stage by stage.</param>
internal sealed record FoundModel(IReadOnlyList<Found> Folders)
{
    /// <summary>Where the folders are.</summary>
    public IReadOnlyList<string> Paths => [.. Folders.Select(folder => folder.Path)];

    /// <summary>Finds a model.</summary>
    /// <param name="model">An embedded model's name, a folder, or folders with commas between them.</param>
    /// <exception cref="BadInputException">One of them is not there.</exception>
    public static FoundModel Find(string model)
    {
        if (!model.Contains(',', StringComparison.Ordinal) || Directory.Exists(model))
        {
            return new([Shelf.Models.Find(model)]);
        }

        string[] stages = [.. model.Split(',').Select(stage => stage.Trim())];
        return stages.Contains("")
            ? throw new BadInputException($"--model {model}: give the folders of DeepFloyd IF's stages, as in --model STAGE_I,STAGE_II")
            : new([.. stages.Select(Shelf.Models.Find)]);
    }

    /// <summary>As it is named to the user.</summary>
    public override string ToString() => string.Join(", ", Folders);
}
