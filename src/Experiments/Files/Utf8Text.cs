using System.Text;
using DiffusionLens;
using DiffusionLens.Configs;

namespace Experiments.Files;

/// <summary>Text files from anyone: they are UTF-8, and what is not is refused, not read as something else.</summary>
internal static class Utf8Text
{
    private const int PartBytes = 64 * 1024;

    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be read, or is not UTF-8; the message names file and line.</exception>
    public static string ReadFile(string path) => Decode(ReadBytes(path), path);

    /// <summary>The first lines of a file, whatever is in it; none where it cannot be read.</summary>
    public static IReadOnlyList<string> BeginningOf(string path)
    {
        const int MostBytes = 64 * 1024;
        try
        {
            InputFile.Require(path);
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[MostBytes];
            return Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false))).Split('\n');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or BadInputException)
        {
            return [];
        }
    }

    /// <summary>Reads all of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        InputFile.Require(path, mayBePipe: true);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({SystemFailure.ReasonOf(problem)})", problem);
        }
    }

    /// <summary>Opens a file that is read as it is needed.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        InputFile.Require(path);
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({SystemFailure.ReasonOf(problem)})", problem);
        }
    }

    /// <summary>Reads a file to its end to see that it is UTF-8.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <exception cref="BadInputException">It is not UTF-8; the message names file and line.</exception>
    public static void Require(Stream file, string path)
    {
        Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        byte[] bytes = new byte[PartBytes];
        char[] text = new char[PartBytes + 1];
        int line = 1;
        for (int read = -1; read != 0;)
        {
            read = file.Read(bytes);
            try
            {
                int letters = decoder.GetChars(bytes.AsSpan(0, read), text, flush: read == 0);
                line += text.AsSpan(0, letters).Count('\n');
            }
            catch (DecoderFallbackException problem)
            {
                throw NotUtf8(path, line + bytes.AsSpan(0, Math.Clamp(problem.Index, 0, read)).Count((byte)'\n'), problem);
            }
        }
    }

    /// <summary>The text that bytes are. A mark at their beginning (U+FEFF) is passed over.</summary>
    /// <param name="bytes">All of the file.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="BadInputException">They are not UTF-8; the message names file and line.</exception>
    public static string Decode(byte[] bytes, string path)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException problem)
        {
            throw NotUtf8(path, 1 + bytes.AsSpan(0, Math.Max(0, problem.Index)).Count((byte)'\n'), problem);
        }
    }

    private static BadInputException NotUtf8(string path, int line, DecoderFallbackException problem)
        => new($"{path}:{line}:1: not UTF-8 text; save the file as UTF-8", problem);
}
