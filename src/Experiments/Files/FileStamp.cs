namespace Experiments.Files;

/// <summary>A file's size and time, by which it is seen that somebody else has written it.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>A file as it is now; the default value where there is none.</summary>
    public static FileStamp Of(string path) => new FileInfo(path) is { Exists: true } file
        ? new FileStamp(file.Length, file.LastWriteTimeUtc)
        : default;
}
