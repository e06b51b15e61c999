using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Experiments.Results;

/// <summary>A file that a stage left, as it left it.</summary>
/// <param name="Path">Its place below the results folder, with forward slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Hash of its content.</param>
internal sealed record StageFile(string Path, long Size, string Sha256)
{
    /// <summary>Whether the place is one below the results folder.</summary>
    [JsonIgnore]
    public bool IsSound =>
        Path.Length > 0 && Size >= 0 && !System.IO.Path.IsPathRooted(Path) && !Path.Contains('\0', StringComparison.Ordinal)
        && !Path.Split('/', '\\').Contains("..");

    /// <summary>A file as it is now.</summary>
    /// <param name="file">The file.</param>
    public static StageFile Of(string file, ResultsFolder folder)
    {
        using FileStream stream = File.OpenRead(file);
        return new StageFile(folder.RelativeOf(file), stream.Length, HashOf(stream));
    }

    /// <summary>What of the file is not as it was left, as the end of a sentence; null where all is.</summary>
    public string? DamageIn(ResultsFolder folder)
    {
        FileInfo file = new(folder.In(Path));
        try
        {
            if (!file.Exists)
            {
                return "is missing";
            }

            if (file.Length != Size)
            {
                return file.Length == 0 ? "is empty" : $"has {file.Length} bytes, and was left with {Size}";
            }

            using FileStream stream = file.OpenRead();
            return HashOf(stream) == Sha256 ? null : "is not as it was left: another SHA-256";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read ({problem.Message})";
        }
    }

    private static string HashOf(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
