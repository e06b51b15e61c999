using System.Text.RegularExpressions;
using Experiments.Clusters;

namespace Experiments.Runs;

/// <summary>
/// The command that makes results again. Of files and folders it has the last part of their path, since a path is of one machine, and of an
/// address nothing that one signs in with.
/// </summary>
internal static partial class RepeatCommand
{
    /// <param name="what">What is run: an experiment's file, or <c>paper</c>.</param>
    /// <param name="models">The models, as they were named.</param>
    /// <param name="options">Options and their values, word by word.</param>
    /// <returns>The command as a POSIX shell takes it.</returns>
    public static string Of(string what, IEnumerable<string> models, IEnumerable<string> options) =>
        ShellWords.Join(["dlens-repro", what, "--model", string.Join(',', models.Select(WithoutPath)), .. options]);

    /// <summary>A value without what is of one machine.</summary>
    /// <param name="value">One, or several with commas between them.</param>
    public static string WithoutPath(string value) => Path.Exists(value)
        ? NameOf(value)
        : SignIn().Replace(string.Join(',', value.Split(',').Select(part => Path.Exists(part.Trim()) ? NameOf(part.Trim()) : part)), "");

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    [GeneratedRegex("(?<=://)[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex SignIn();
}
