using System.Globalization;
using System.Text;
using Experiments.Answers;
using Experiments.Results;

namespace Experiments.HuggingFace;

/// <summary>
/// The YAML at the top of a dataset's card, by which the hub files it and its viewer finds the data: a configuration a table, named after
/// its file. https://huggingface.co/docs/hub/datasets-manual-configuration
/// </summary>
internal static class CardHeader
{
    // The hub's names for how many lines there are.
    private static readonly (int Below, string Name)[] Sizes =
        [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (int.MaxValue, "1M<n<10M")];

    /// <summary>The header with its two lines of dashes.</summary>
    /// <param name="files">The files with data but for images.</param>
    public static string Of(DatasetContent content, IReadOnlyList<NamedHash> files)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"---\npretty_name: {Quoted(DatasetCard.TitleOf(content))}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"license: {content.License}\n");
        Append(yaml, "task_categories", ["text-to-image", "visual-question-answering"]);
        Append(yaml, "annotations_creators", [.. Creators(content).Distinct()]);
        Append(yaml, "size_categories", [Sizes.First(size => content.Images.Count < size.Below).Name]);
        Append(yaml, "tags", ["diffusion-lens", "interpretability", "text-encoder", "diffusion", "image"]);
        yaml.Append("configs:\n- config_name: images\n  default: true\n  data_files:\n  - split: train\n    path:\n");
        yaml.Append("    - metadata.jsonl\n    - images/**\n");
        foreach (string table in files.Select(file => file.Name).Where(file => file.EndsWith(".parquet", StringComparison.Ordinal)))
        {
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"- config_name: {Path.GetFileNameWithoutExtension(table)}\n  data_files:\n  - split: train\n    path: {table}\n");
        }

        return yaml.Append("---\n").ToString();
    }

    /// <summary>A text in double quotes, as YAML reads it back letter by letter.</summary>
    public static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '"' or '\\' => $"\\{rune}",
                _ when Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or 0xFEFF =>
                    string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => rune.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static IEnumerable<string> Creators(DatasetContent content)
    {
        string[] annotators = [.. content.Answers.Where(answer => answer.Yes is not null).Select(answer => answer.Annotator)];
        return annotators.Length == 0 ? ["no-annotation"]
            : annotators.Select(annotator => AnnotatorName.IsMachine(annotator) ? "machine-generated" : "other");
    }

    private static void Append(StringBuilder yaml, string key, IReadOnlyList<string> values) =>
        yaml.Append(CultureInfo.InvariantCulture, $"{key}:\n{string.Concat(values.Select(value => $"- {value}\n"))}");
}
