using DiffusionLens;
using DiffusionLens.Families;
using DiffusionLens.Weights;
using Experiments.Catalog;

namespace Experiments.Models;

/// <summary>A model as <c>--model</c> names it: a folder, a single file, or a cascade's folders with a comma between them.</summary>
/// <param name="Text">How it was named.</param>
/// <param name="Folders">The folders, stage by stage.</param>
internal sealed record ModelReference(string Text, IReadOnlyList<Asset> Folders)
{
    private static readonly string[] FileExtensions = [".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf"];

    /// <summary>Where the folders are.</summary>
    public IReadOnlyList<string> Paths => [.. Folders.Select(folder => folder.Path)];

    /// <summary>What its results are kept under.</summary>
    public string Name => ModelInfo.NameOf(Paths);

    /// <param name="model">
    /// An embedded model's name, a folder, <c>owner/name</c> of a model in the hub's cache, a model in a single file, or several with
    /// commas between them.
    /// </param>
    /// <exception cref="BadInputException">One of them is not there.</exception>
    public static ModelReference Find(string model) => new(model, [.. Parts(model).Select(FindOne)]);

    /// <summary>Finds models with commas between them; the folder of a stage II belongs to the one before it.</summary>
    /// <param name="models">What <see cref="Find"/> takes, once or more.</param>
    /// <exception cref="BadInputException">One of them is not there, or there twice.</exception>
    public static IReadOnlyList<ModelReference> FindAll(string models)
    {
        List<ModelReference> found = [];
        foreach (string part in Parts(models))
        {
            ModelReference one = Find(part);
            if (found.Count > 0 && ModelFamily.IsContinuation(one.Paths[0]))
            {
                found[^1] = Find($"{found[^1].Text},{part}");
            }
            else
            {
                found.Add(one);
            }
        }

        return found.DistinctBy(model => model.Name).Count() == found.Count
            ? found
            : throw new BadInputException(
                $"--model {models}: two of these have one name, and so one folder of results; give each model once");
    }

    /// <summary>Where it is, whatever folder this is run in.</summary>
    public string Place => string.Join(", ", Folders.Select(folder => folder.IsOfTool ? folder.ToString() : Path.GetFullPath(folder.Path)));

    /// <summary>As it is named to the user.</summary>
    public override string ToString() => string.Join(", ", Folders.Select(Shown));

    // What the user has comes first, as with all that is found by name.
    private static Asset FindOne(string model)
    {
        if (FileExtensions.Contains(Path.GetExtension(model)) && !Path.Exists(model))
        {
            throw new BadInputException($"{model}: there is no such file");
        }

        bool isHere = Directory.Exists(model) || Directory.Exists(Path.Combine(AssetCatalog.Models.Folder, model));
        bool isOnHub = HubCache.IsName(model) && !isHere;
        Asset found = isOnHub || File.Exists(model) ? new Asset(model, IsOfTool: false) : AssetCatalog.Models.Find(model);
        return found with { Path = HubCache.Resolve(found.Path) };
    }

    private static string Shown(Asset folder)
        => !File.Exists(folder.Path) && HubSnapshot.At(folder.Path) is { } hub
            ? $"{hub.Name} (commit {hub.Commit} in the hub's cache)"
            : folder.ToString();

    /// <summary>Whether one of the models that are named is a single file.</summary>
    public static bool HasSingleFile(string models) => Parts(models).Any(File.Exists);

    // A folder's own name may have a comma.
    private static string[] Parts(string text)
    {
        string[] parts = Path.Exists(text) ? [text] : [.. text.Split(',').Select(part => part.Trim())];
        return parts.Length > 1 && parts.Contains("")
            ? throw new BadInputException(
                $"--model {text}: give names or folders with single commas between them, as in --model STAGE_I,STAGE_II")
            : parts;
    }
}
