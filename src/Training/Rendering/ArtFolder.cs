using System.CommandLine;
using DiffusionLens;

namespace Training.Rendering;

/// <summary>Where the pictures are: the environment variable <c>DLENS_ART</c>, or what <c>npm ci</c> put beside its package.json.</summary>
internal static class ArtFolder
{
    private const string Variable = "DLENS_ART";

    /// <summary>
    /// The option that names it. Where nothing is given the command asks <see cref="Find"/>, so that help needs no pictures.
    /// </summary>
    public static Option<string?> Option() =>
        new("--art")
        {
            Description = $"node_modules with the pictures; if not given, {Variable}, or what npm ci put in src/Training/Art",
            HelpName = "FOLDER",
        };

    /// <exception cref="BadInputException">It is nowhere; says how to get it.</exception>
    public static string Find() => FindOrNull()
        ?? throw new BadInputException($"no emoji pictures; run `npm ci` in src/Training/Art, or name a node_modules folder in {Variable}");

    /// <summary>The node_modules folder, or null: looked for from the current folder and from the program upwards.</summary>
    public static string? FindOrNull() => Environment.GetEnvironmentVariable(Variable)
        ?? Upwards(Directory.GetCurrentDirectory()).Concat(Upwards(AppContext.BaseDirectory))
            .Select(folder => Path.Combine(folder, "src", "Training", "Art", "node_modules"))
            .FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Upwards(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
