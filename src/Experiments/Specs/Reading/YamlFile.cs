using System.Security.Cryptography;
using DiffusionLens;
using DiffusionLens.Configs;
using Experiments.Files;

namespace Experiments.Specs.Reading;

/// <summary>
/// A small YAML file, read with the place of every value. Specs are files from anyone, so what could blow up or hide something is
/// refused: large files, deep nesting, anchors, tags, several documents, keys that come twice.
/// </summary>
/// <param name="Root">The document.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
internal sealed record YamlFile(Node Root, string Sha256)
{
    private const int MostBytes = 256 * 1024;

    /// <exception cref="BadInputException">It cannot be read as such a file.</exception>
    public static YamlFile Read(string path)
    {
        byte[] bytes = BytesOf(path);
        string text = TextOf(bytes, path);
        return new YamlFile(YamlComposer.Compose(path, text), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static byte[] BytesOf(string path)
    {
        try
        {
            using FileStream file = InputFile.OpenStream(path);
            byte[] bytes = new byte[MostBytes + 1];
            int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= MostBytes
                ? bytes[..count]
                : throw new SourceLocation(path).Error($"more than {MostBytes} bytes; no spec needs so many");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SourceLocation(path).Error($"cannot be read: {SystemFailure.ReasonOf(error)}; name the YAML file of an experiment");
        }
    }

    private static string TextOf(byte[] bytes, string path)
    {
        string text = Utf8Text.Decode(bytes, path);
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            int tab = lines[i].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && string.IsNullOrWhiteSpace(lines[i][..tab]))
            {
                throw new SourceLocation(path, i + 1, tab + 1).Error("a tab at the beginning of a line; indent with spaces");
            }
        }
        return text;
    }
}
