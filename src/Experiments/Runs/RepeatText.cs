using System.Globalization;
using Experiments.Answers;
using Experiments.Reports;
using Experiments.Results;
using Humanizer;

namespace Experiments.Runs;

/// <summary>How results are made again: the command, and as comments behind it the hashes of what went in and what came out.</summary>
internal static class RepeatText
{
    private const int CommitDigits = 12;

    /// <summary>Of one experiment on one model.</summary>
    /// <param name="manifest">What made it.</param>
    /// <param name="answers">What was answered.</param>
    public static ReportCommands Of(RunManifest manifest, IReadOnlyList<Answer> answers) => new(
        manifest.Model.Name,
        Text(
            [
                Program(manifest),
                manifest.Command ?? RepeatCommand.Of(manifest.Spec.Name, [manifest.Model.Name], []),
                .. Hashes(
                    [manifest.Spec, manifest.Lexicon with { Name = $"words of {manifest.Lexicon.Name}" }, manifest.Model],
                    manifest,
                    [
                        .. answers.Count > 0 ? [new NamedHash("pixels of all images", PixelsOf(answers))] : Array.Empty<NamedHash>(),
                        .. Left(manifest, Stage.Answers),
                        .. Left(manifest, Stage.Measures),
                    ]),
            ]),
        NoteOf(answers));

    /// <summary>Of several experiments on several models.</summary>
    /// <param name="command">The command that makes them all.</param>
    /// <param name="manifests">What made each.</param>
    public static ReportCommands Of(string command, IReadOnlyList<RunManifest> manifests) => new(
        "",
        Text(
            [
                manifests.Count > 0 ? Program(manifests[0]) : $"# DiffusionLens {Citation.Version}",
                command,
                .. manifests.Count == 0 ? [] : Hashes(
                    [.. manifests.SelectMany(manifest => new[] { manifest.Spec, manifest.Model }).Distinct()],
                    manifests[0],
                    [.. manifests.SelectMany(manifest => Left(manifest, Stage.Answers, FolderOf(manifest)))]),
            ]),
        "");

    private static IEnumerable<string> Hashes(
        IReadOnlyList<NamedHash> inputs, RunManifest manifest, IReadOnlyList<NamedHash> outputs)
    {
        int width = inputs.Concat(outputs).Max(file => file.Name.Length);
        return
        [
            "",
            "# What goes in (SHA-256):",
            .. inputs.Select(Line),
            "",
            $"# What comes out, {Machine(manifest)}:",
            .. outputs.Select(Line),
        ];

        string Line(NamedHash file) => $"# {file.Name.PadRight(width)}  {file.Sha256}";
    }

    private static string Text(IEnumerable<string> lines) => string.Join('\n', lines) + "\n";

    private static string Program(RunManifest manifest)
    {
        string[] version = manifest.Versions.GetValueOrDefault("dlens_repro", Citation.Version).Split('+', 2);
        string commit = version.Length > 1 ? $", commit {version[1][..Math.Min(CommitDigits, version[1].Length)]}" : "";
        return $"# DiffusionLens {version[0]}{commit}";
    }

    private static string Machine(RunManifest manifest)
    {
        string threads = manifest.Threads is { Count: > 0 } numbers
            ? $"on {string.Join(" and ", numbers.Select(number => "thread".ToQuantity(number)))} of {manifest.Machine.Cpu}"
            : $"on {manifest.Machine.Cpu}";
        return $"{threads} ({manifest.Machine.Instructions}), {manifest.Device}; with another number of threads or on another machine a "
            + "pixel can differ by a level";
    }

    private static string FolderOf(RunManifest manifest) =>
        $"{Path.GetFileNameWithoutExtension(manifest.Spec.Name)}/{manifest.Model.Name}/";

    private static IEnumerable<NamedHash> Left(RunManifest manifest, Stage stage, string folder = "") =>
        manifest.Stages.TryGetValue(stage.Name(), out StageRecord? record)
            ? record.Files.Select(file => new NamedHash($"{folder}{file.Path}", file.Sha256))
            : [];

    // Of each image its file and the hash of its pixels, as answers.csv has them.
    private static string PixelsOf(IReadOnlyList<Answer> answers) =>
        Fingerprint.Of(answers.Select(answer => $"{answer.Image} {answer.ImageHash}").Distinct().Order(StringComparer.Ordinal).ToArray());

    private static string NoteOf(IReadOnlyList<Answer> answers)
    {
        string[] people = [.. answers.Select(answer => answer.Annotator).Distinct().Where(name => !AnnotatorName.IsMachine(name))];
        string[] asked =
        [
            .. answers.Where(answer => answer.Answered is not null).Select(answer => answer.Annotator).Distinct()
                .Where(AnnotatorName.IsMachine).Select(AnnotatorName.Plain),
        ];
        string[] all = [.. people, .. asked];
        return all.Length == 0 ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The command makes the images again and asks anew; what {string.Join(", ", all)} answered is in answers.csv alone.");
    }
}
