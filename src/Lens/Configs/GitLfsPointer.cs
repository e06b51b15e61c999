using System.Text;

namespace DiffusionLens.Configs;

/// <summary>
/// The few lines that git keeps in the place of a large file until git LFS fetches it (https://git-lfs.com): what a clone has where git LFS
/// is not installed.
/// </summary>
internal static class GitLfsPointer
{
    private const string SizeKey = "size ";

    /// <summary>A pointer is never longer than this.</summary>
    internal const int LongestBytes = 1024;

    private static ReadOnlySpan<byte> Signature => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Refuses a file that is a pointer.</summary>
    /// <param name="start">The first bytes of the file, <see cref="LongestBytes"/> or more where it has so many.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It is one.</exception>
    internal static void Refuse(ReadOnlySpan<byte> start, string path)
    {
        if (!start.StartsWith(Signature))
        {
            return;
        }

        string? size = Array.Find(
            Encoding.ASCII.GetString(start[..Math.Min(start.Length, LongestBytes)]).Split('\n', StringSplitOptions.TrimEntries),
            line => line.StartsWith(SizeKey, StringComparison.Ordinal));
        string bytes = size is null ? "a file" : $"a file of {size[SizeKey.Length..]} bytes";
        throw new BadInputException(
            $"{path}: is a git LFS pointer, which stands for {bytes} that git did not fetch; "
            + "install git LFS and run 'git lfs pull' in the model's folder");
    }
}
