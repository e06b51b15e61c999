namespace Experiments.Specs.Reading;

/// <summary>Reads <c>clip:</c>.</summary>
internal static class ClipSection
{
    public static ClipSpec Read(Node? node)
    {
        if (node is null)
        {
            return new ClipSpec();
        }

        Fields fields = new(node, "the CLIP that answers", "folder", "thresholds");
        return new ClipSpec
        {
            Folder = fields.Optional("folder")?.Text("a folder such as clip-vit-large-patch14") is { } folder
                ? BesideOrHere(folder, Directory.Exists)
                : null,
            Thresholds = fields.Optional("thresholds")?.Text("a file such as calibration.csv") is { } thresholds
                ? FileOf(thresholds)
                : null,
        };
    }

    /// <summary>A file that a spec names, beside it or from the current folder.</summary>
    /// <exception cref="DiffusionLens.BadInputException">There is none.</exception>
    public static string FileOf(TextNode node)
    {
        string path = BesideOrHere(node, File.Exists);
        return File.Exists(path)
            ? path
            : throw node.Location.Error($"there is no file {node.Value}, in the spec's folder or from the current one");
    }

    private static string BesideOrHere(TextNode node, Func<string, bool> isThere)
    {
        string beside = Path.Combine(Path.GetDirectoryName(node.Location.File) ?? "", node.Value);
        return isThere(beside) ? beside : node.Value;
    }
}
