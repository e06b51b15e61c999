using System.Security.Cryptography;
using System.Text.Json;
using Experiments.Files;

namespace Experiments.Results;

/// <summary>Hashes by which a run sees that nothing has changed.</summary>
internal static class Fingerprint
{
    /// <summary>SHA-256 of values, by their JSON.</summary>
    /// <param name="values">Strings, numbers, records and lists of these.</param>
    public static string Of(params object?[] values) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(values)));

    /// <summary>SHA-256 of a file's bytes; of nothing where there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DiffusionLens.BadInputException">It cannot be read.</exception>
    public static string OfFile(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(File.Exists(path) ? Utf8Text.ReadBytes(path) : []));

    /// <summary>SHA-256 of some files' contents and names.</summary>
    /// <param name="paths">The files.</param>
    public static string OfFiles(IEnumerable<string> paths) => Of([.. paths.Select(path => Path.GetFileName(path) + " " + OfFile(path))]);
}
