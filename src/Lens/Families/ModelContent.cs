using DiffusionLens.Configs;
using DiffusionLens.Weights;

namespace DiffusionLens.Families;

/// <summary>Whether all of a model is there, before anything of it is read.</summary>
internal static class ModelContent
{
    /// <summary>Refuses a model of which parts are missing, and names all of them.</summary>
    /// <param name="stages">The model's folders.</param>
    /// <param name="parts">All that is read of them.</param>
    /// <exception cref="BadInputException">More is missing than one part, or anything of a download.</exception>
    public static void RequireWhole(IReadOnlyList<ModelFolder> stages, IReadOnlyList<ModelPart> parts)
    {
        foreach (ModelFolder stage in stages)
        {
            string[] lacks =
            [
                .. from part in parts
                   where ReferenceEquals(part.Folder, stage) && part.Lack() is not null
                   group part.Name by part.Lack() into names
                   select $"{Listed([.. names.Distinct()])} {(names.Distinct().Count() > 1 ? Plural(names.Key) : names.Key)}",
            ];
            if (lacks.Length > 0 && (stage.Snapshot is not null || parts.Count(part => part.Lack() is not null) > 1))
            {
                throw new BadInputException($"{stage.Path}: {Reason(stage, string.Join(", ", lacks))}");
            }
        }
    }

    /// <summary>Refuses a variant that no part has; parts that do not have it are taken as they are.</summary>
    /// <param name="stages">The model's folders.</param>
    /// <param name="parts">All that is read of them.</param>
    /// <param name="variant">What was asked for, or null.</param>
    /// <exception cref="BadInputException">No part has weights of that variant.</exception>
    public static void RequireVariant(IReadOnlyList<ModelFolder> stages, IReadOnlyList<ModelPart> parts, string? variant)
    {
        if (variant is null)
        {
            return;
        }

        if (stages.FirstOrDefault(stage => stage.IsSingleFile) is { } file)
        {
            throw new BadInputException($"{file.Path}: is a single file, which has no variants such as '{variant}'; leave it out");
        }

        WeightFolder[] weights = [.. parts.OfType<NetworkPart>().Select(part => part.Weights)];
        if (!Array.Exists(weights, folder => folder.HasVariant(variant)))
        {
            string[] there = [.. weights.SelectMany(folder => folder.Variants).Distinct(StringComparer.OrdinalIgnoreCase)];
            throw new BadInputException(
                $"{string.Join(", ", stages.Select(stage => stage.Path))}: no part has weights of variant '{variant}'; "
                + (there.Length > 0 ? $"there are {string.Join(", ", there)}" : "leave it out: these have none"));
        }
    }

    /// <summary>What lies in a model's folder beside the parts that are read.</summary>
    /// <param name="stage">The folder.</param>
    /// <param name="parts">All that is read of the model.</param>
    public static IEnumerable<IgnoredItem> IgnoredIn(ModelFolder stage, IReadOnlyList<ModelPart> parts)
    {
        if (stage.IsSingleFile)
        {
            return stage.Ignored.Select(group => new IgnoredItem($"{group.Value} tensor{(group.Value == 1 ? "" : "s")}", group.Key));
        }

        HashSet<string> read = [.. parts.Where(part => ReferenceEquals(part.Folder, stage)).Select(part => part.Name)];
        string[] named = [.. stage.PartNames.Where(name => !read.Contains(name))];
        string[] files = FolderWalk.Files(stage.Path), folders = FolderWalk.Folders(stage.Path);
        return
        [
            .. from name in named
               select new IgnoredItem(name, $"{stage.ComponentClass(name)}, which is not read{(IsThere(name) ? "" : "; not there")}"),
            .. folders.Where(name => !read.Contains(name) && !named.Contains(name) && !name.StartsWith('.')).Order(StringComparer.Ordinal)
                .Select(name => new IgnoredItem(name + "/", "model_index.json does not name it")),
            .. files.Where(ForeignFile.IsCheckpoint).Order(StringComparer.Ordinal)
                .Select(name => new IgnoredItem(name, "beside the parts; their own weights are read")),
        ];

        bool IsThere(string name) => Directory.Exists(Path.Combine(stage.Path, name));
    }

    private static string Reason(ModelFolder stage, string lacks) => stage.Snapshot switch
    {
        { IsIncomplete: true } model =>
            $"the download is not complete: {lacks} (an .incomplete blob is there); 'hf download {model.Name}' goes on with it",
        { } model => $"not all of the model is there: {lacks}; 'hf download {model.Name}' gets the rest",
        null => $"not all of the model is there: {lacks}; copy its whole folder",
    };

    private static string Plural(string lack)
        => lack.Replace("is ", "are ", StringComparison.Ordinal).Replace("has ", "have ", StringComparison.Ordinal);

    private static string Listed(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
