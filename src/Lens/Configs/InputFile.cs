using Microsoft.Win32.SafeHandles;

namespace DiffusionLens.Configs;

/// <summary>Files that a user names: what keeps them from being read is told as bad input, with the path.</summary>
internal static class InputFile
{
    internal static SafeFileHandle Open(string path) => Try(path, () => File.OpenHandle(path));

    internal static byte[] ReadBytes(string path) => Try(path, () => File.ReadAllBytes(path));

    internal static string ReadText(string path) => Try(path, () => File.ReadAllText(path));

    private static T Try<T>(string path, Func<T> read)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException(Directory.Exists(path) ? $"{path}: is a folder, not a file" : $"{path}: there is no such file");
        }

        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({failure.Message})", failure);
        }
    }
}
