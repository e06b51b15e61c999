namespace Soak;

/// <summary>Finished results with damaged files: the next run makes them again, or says in a line which it cannot take.</summary>
internal static class Damage
{
    /// <summary>So many files of a folder at once, each of another kind: what a run costs is its start.</summary>
    public const int AtOnce = 5;

    private const string KeptAnswers = "answers.damaged", Manifest = "manifest.json";

    private static readonly string[] Kinds =
        ["figures", "tables", "strips", "images", "report.html", "measures.csv", "answers.csv", Manifest];

    public static Trial Of(Experiment experiment, int number) => new($"damaged, {experiment.Model}", number, folder =>
    {
        folder.Begin(experiment.Whole);
        string[] damaged =
        [
            .. Kinds.OrderBy(_ => folder.Random.Next()).Take(AtOnce).Select(kind => DamageOne(folder, kind)).OfType<string>(),
        ];
        bool isManifestLost = damaged.Any(file => file.StartsWith(Manifest, StringComparison.Ordinal));

        // What was in a damaged table of answers is kept beside the new one: a person may have typed some of it.
        IReadOnlyList<string> wrong =
        [
            .. experiment.Finished(folder.Path, knowsThreads: !isManifestLost)
                .Where(line => !line.StartsWith(KeptAnswers, StringComparison.Ordinal)),
        ];
        return new TrialResult(damaged.Length, wrong.Count == 0 ? [] : [$"damaged were {string.Join("; ", damaged)}", .. wrong]);
    });

    private static string? DamageOne(TrialFolder folder, string kind)
    {
        string[] files = FilesOf(folder.Results, kind);
        if (files.Length == 0)
        {
            return null;
        }

        string file = files[folder.Random.Next(files.Length)];
        byte[] bytes = File.ReadAllBytes(file);
        (string how, byte[] changed) = Changed(bytes, folder.Random);
        File.WriteAllBytes(file, changed);
        return $"{Path.GetRelativePath(folder.Results, file)} ({how})";
    }

    private static string[] FilesOf(string results, string kind)
    {
        if (File.Exists(Path.Combine(results, kind)))
        {
            return [Path.Combine(results, kind)];
        }

        // Images lie in a folder for each condition, beside those of figures, tables and strips.
        IEnumerable<string> all = Directory.EnumerateFiles(results, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return kind == "images"
            ? [.. all.Where(file => Path.GetFileName(file).StartsWith("layer-", StringComparison.Ordinal))]
            : [.. all.Where(file => Path.GetRelativePath(results, file).Split(Path.DirectorySeparatorChar)[0] == kind)];
    }

    private static (string How, byte[] Bytes) Changed(byte[] bytes, Random random)
    {
        int at = random.Next(Math.Max(1, bytes.Length));
        byte[] changed = [.. bytes];
        switch (random.Next(7))
        {
            case 0:
                return ("empty", []);
            case 1:
                return ($"cut at {at}", bytes[..at]);
            case 2:
                changed[at] ^= (byte)(1 << random.Next(8));
                return ($"a bit at {at}", changed);
            case 3:
                changed.AsSpan(at, Math.Min(512, bytes.Length - at)).Clear();
                return ($"zeros from {at}", changed);
            case 4:
                return ("more at its end", [.. bytes, .. "\nmore\n"u8]);
            case 5:
                return ("only its beginning", bytes[..Math.Min(bytes.Length, 33)]);
            default:
                random.NextBytes(changed.AsSpan(at, Math.Min(16, bytes.Length - at)));
                return ($"other bytes from {at}", changed);
        }
    }
}
