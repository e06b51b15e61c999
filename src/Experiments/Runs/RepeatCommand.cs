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

    /// <summary>The command that made images, with what is said of who answers, where it says nothing of that yet.</summary>
    /// <param name="command">As <see cref="Of"/> wrote it.</param>
    /// <param name="options">Options and their values of a later run about the same images, word by word.</param>
    public static string WithAnswers(string command, IReadOnlyList<string> options)
    {
        string[] there = [.. command.Split(' ').Select(NameIn)];
        List<string> words = [];
        bool isNew = false;
        foreach (string word in options)
        {
            // A value never begins so.
            isNew = word.StartsWith("--", StringComparison.Ordinal)
                ? OfAnswers().IsMatch(NameIn(word)) && !there.Contains(NameIn(word))
                : isNew;
            if (isNew)
            {
                words.Add(word);
            }
        }

        return words.Count == 0 ? command : $"{command} {ShellWords.Join(words)}";
    }

    /// <summary>A value without what is of one machine.</summary>
    /// <param name="value">One, or several with commas between them.</param>
    public static string WithoutPath(string value) => Path.Exists(value)
        ? NameOf(value)
        : SignIn().Replace(string.Join(',', value.Split(',').Select(part => Path.Exists(part.Trim()) ? NameOf(part.Trim()) : part)), "");

    private static string NameIn(string word) => word.Split('=')[0];

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    [GeneratedRegex(@"\A--(?:annotators|calibration|clip(?:-thresholds)?|vlm-.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfAnswers();

    [GeneratedRegex("(?<=://)[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex SignIn();
}
