using System.Text.RegularExpressions;
using DiffusionLens;
using Experiments.Answers;

namespace Experiments.Annotation;

/// <summary>
/// Images of what is asked about, to compare with, as the paper's annotators had of rare animals and celebrities: in a folder, named by
/// what is on them (<c>aardvark.jpg</c>, <c>aardvark 2.png</c>) or in a folder of that name.
/// </summary>
internal sealed partial class ReferenceImages
{
    /// <summary>What their addresses begin with.</summary>
    public const string Folder = "/reference/";

    // More than these beside an image help nobody.
    private const int Most = 4;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
    };

    private readonly Reference[] _references;

    private ReferenceImages(Reference[] references) => _references = references;

    /// <summary>None.</summary>
    public static ReferenceImages None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _references.Length;

    /// <summary>Those of a folder and of the folders in it.</summary>
    /// <exception cref="BadInputException">There is no such folder, or no image in it.</exception>
    public static ReferenceImages Of(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new BadInputException($"--references {folder}: there is no such folder; give one with images named by what is on them");
        }

        Reference[] found;
        try
        {
            found =
            [
                .. from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                   where Types.ContainsKey(Path.GetExtension(file))
                   let inner = Path.GetDirectoryName(Path.GetRelativePath(folder, file))!
                   let name = inner.Length > 0 ? Path.GetFileName(inner) : Path.GetFileNameWithoutExtension(file)
                   select new Reference(file, Words(name)),
            ];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--references {folder}: cannot be read ({problem.Message})", problem);
        }

        return found.Length > 0
            ? new ReferenceImages(found)
            : throw new BadInputException($"--references {folder}: there is no image in it; it takes {string.Join(", ", Types.Keys)}");
    }

    /// <summary>The addresses of images of what a question names.</summary>
    public IReadOnlyList<string> For(Answer asked)
    {
        string question = $" {Words(asked.Asked)} ";
        return
        [
            .. Enumerable.Range(0, _references.Length)
                .Where(number => question.Contains($" {_references[number].Of} ", StringComparison.Ordinal))
                .Take(Most)
                .Select(number => $"{Folder}{number}"),
        ];
    }

    /// <summary>The file at an address and its type; null where there is none.</summary>
    public (string File, string Type)? At(string address) =>
        address.StartsWith(Folder, StringComparison.Ordinal)
        && int.TryParse(address.AsSpan(Folder.Length), out int number)
        && number >= 0 && number < _references.Length
            ? (_references[number].File, Types[Path.GetExtension(_references[number].File)])
            : null;

    // In small letters, without signs, and without the number of one of several.
    private static string Words(string text) =>
        TrailingNumber().Replace(NoLetters().Replace(text.ToLowerInvariant(), " ").Trim(), "");

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex NoLetters();

    [GeneratedRegex(@"(?<=\p{L}) ?\p{N}+\z", RegexOptions.CultureInvariant)]
    private static partial Regex TrailingNumber();

    private sealed record Reference(string File, string Of);
}
