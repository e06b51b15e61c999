using System.Globalization;
using System.Text.RegularExpressions;
using Experiments.Answers;
using Experiments.Clusters;
using Experiments.Measures;
using Experiments.Reports;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;
using Humanizer;

namespace Experiments.HuggingFace;

/// <summary>
/// The card of a dataset, <c>README.md</c>: what is in it and how to read it, how it was made and how to make it again, who answered and
/// what that is worth, license, citation, hashes.
/// </summary>
internal static partial class DatasetCard
{
    /// <summary>The card with its header.</summary>
    /// <param name="content">What the dataset is written from.</param>
    /// <param name="files">The files with data but for images, with their hashes.</param>
    public static string Of(DatasetContent content, IReadOnlyList<NamedHash> files)
    {
        string[] parts =
        [
            CardHeader.Of(content, files) + $"# {MarkdownText.Escape(TitleOf(content))}",
            Lead(content),
            Reading(files),
            Columns,
            "## What is in it\n\n" + Conditions(content),
            "## How it was made\n\n" + Making(content),
            "## Who answered, and what that is worth\n\n" + Annotators(content),
            Again(content),
            "## License\n\n" + License(content),
            Cite(content),
            "## Hashes\n\n" + Table(
                "Files of this dataset",
                "An image carries the hash of its pixels in the column image_sha256.",
                ["File", "SHA-256"],
                files.Select(file => (IReadOnlyList<string>)[file.Name, file.Sha256])),
        ];
        return string.Join("\n\n", parts.Select(part => part.Trim())) + "\n";
    }

    /// <summary>What the dataset is called.</summary>
    public static string TitleOf(DatasetContent content) => $"{content.Spec.Title}: {content.Model} through the Diffusion Lens";

    private static string Lead(DatasetContent content) => $"""
        What a text-to-image model makes of a prompt that its text encoder has read only up to a layer. The Diffusion Lens
        ([arXiv 2403.05846](https://arxiv.org/abs/2403.05846)) makes an image from the state after each block: nothing is trained, and all
        layers of a prompt and seed start from the same noise. {"image".ToQuantity(content.Images.Count)} of
        {"prompt".ToQuantity(Prompts(content.Images))} at layers {Listed(content.Images.Select(image => image.Any.Layer))},
        seeds {Listed(content.Images.Select(image => image.Any.Seed))}, and
        {"answer".ToQuantity(content.Answers.Count(answer => answer.Yes is not null))} to questions about them. Layer 0 is
        the embeddings, the last layer the model's own image.
        """;

    private static string Reading(IReadOnlyList<NamedHash> files) => $"""
        ## How to read it

            from datasets import load_dataset
            images = load_dataset("imagefolder", data_dir="THIS FOLDER", split="train")     # or load_dataset("OWNER/NAME", "images")
            images[0]["image"], images[0]["prompt"], images[0]["layer"], images[0]["right"]

        `metadata.jsonl` has a line an image; the tables {string.Join(", ", files.Skip(1).Select(file => $"`{file.Name}`"))}
        are read by pandas, R, DuckDB, or as configurations of these names.
        Share it with `hf upload OWNER/NAME THIS_FOLDER --repo-type dataset`.
        """;

    private const string Columns = """
        | column | is |
        | --- | --- |
        | `prompt`, `condition`, `prompt_number` | what the model was given, the kind of prompt, its number |
        | `layer`, `seed` | the block after which the text encoder was stopped (0: the embeddings); the seed of the noise |
        | `right` | whether the image shows what its prompt says, by the main annotator; null while answers are missing |
        | `site` and `encoder` … `text_handling` | where the lens looked, as a key and part by part |
        | `cut_off` | the end of the prompt that the model does not read |
        | `answers` | question, the question in words, yes or no (null: still open), the annotator's score, who answered |
        | `image_sha256` | hash of the pixels (`px-` and 16 digits), also in `answers.parquet` |
        """;

    private static string Conditions(DatasetContent content)
    {
        int last = content.Images.Max(image => image.Any.Layer);
        return Table(
            "Conditions",
            $"Right: the share of images at layer {last} that show what their prompt says, with the 95 % interval by the bootstrap over "
                + "prompts; n is the number of prompts and seeds that it is a share of.",
            ["Condition", "Prompts", "Images", $"Right at layer {last}", "n"],
            content.Images.GroupBy(image => image.Any.Condition).Select(condition =>
            {
                MeasurePoint? right = content.Measures.FirstOrDefault(point =>
                    point.Figure.Length == 0 && point.Condition == condition.Key && point.Layer == last);
                return (IReadOnlyList<string>)
                [
                    condition.Key, Whole(Prompts(condition)), Whole(condition.Count()), ShareText.Of(right?.Mean, right?.Interval),
                    right is null ? "–" : Whole(right.RowCount),
                ];
            })) + "\n" + Table(
            "Questions",
            "The words of the prompt stand in the slots. Makes right: an image is right only where the answer is yes.",
            ["Question", "Condition", "Asked", "About", "Makes right", "Yes", "No", "Open"],
            content.Questions.Select(line => (IReadOnlyList<string>)
            [
                line.Question, line.Condition, line.Ask, line.Kind, line.MakesRight ? "yes" : "no", Whole(line.Yes), Whole(line.No),
                Whole(line.Open),
            ]));
    }

    private static string Making(DatasetContent content)
    {
        List<IReadOnlyList<string>> facts = [["Experiment", $"{content.Spec.Name}, SHA-256 {content.Spec.Sha256}"]];
        if (content.Manifest is not { } made)
        {
            return Table("What is known", "There is no manifest beside the results that says more.", ["What", "Is"], facts);
        }

        facts.Add(["Model", $"{made.Model.Name}, SHA-256 of weights and configs {made.Model.Sha256}"]);
        facts.Add(["Words", $"{made.Lexicon.Name}, SHA-256 {made.Lexicon.Sha256}"]);
        facts.Add(["Sampler", $"{made.Sampler}{(made.SamplerNote is { } note ? $" ({note})" : "")}"]);
        facts.Add(["Computed in", $"{made.Dtype} on {made.Device}"]);
        facts.AddRange(new (string, string?)[]
        {
            ("Weights", made.Variant),
            ("Tokens of a prompt", made.MaxSequenceLength?.ToString(CultureInfo.InvariantCulture)),
            ("Before prompts", made.Instruction),
            ("Looks at", made.Site),
            ("Prompts handled", made.Text),
            ("Prompts mended by", made.CleanText),
        }.Where(fact => fact.Item2 is not null).Select(fact => (IReadOnlyList<string>)[fact.Item1, fact.Item2!]));
        facts.Add(["Versions", string.Join(", ", made.Versions.Select(version => $"{version.Key} {version.Value}"))]);
        return Table(
            "What determines the images", "The same on the same machine gives the same pixels.", ["What", "Is"], facts);
    }

    private static string Annotators(DatasetContent content)
    {
        ILookup<string, Answer> given = content.Answers.Where(answer => answer.Yes is not null).ToLookup(answer => answer.Annotator);
        if (given.Count == 0)
        {
            return "Nobody has answered yet; the questions are in `metadata.jsonl` and in `data/answers.parquet`, without an answer.";
        }

        string who = Table(
            "Annotators",
            "A machine's name ends with the hash of what it computes with; the others are people, each of whom has a number here.",
            ["Annotator", "Is", "Answers", "Yes"],
            given.Select(annotator => (IReadOnlyList<string>)
            [
                annotator.Key, AnnotatorPseudonyms.IsPerson(annotator.Key) ? "a person" : "a machine", Whole(annotator.Count()),
                TableSheet.Share(annotator.Count(answer => answer.Yes == true), annotator.Count()),
            ]));
        HashSet<string> asked = [.. content.Questions.Select(question => question.Kind)];
        string worth = content.Calibration is { } calibration
            ? Table(
                "What they get right of images whose truth is known",
                "Measured by dlens-repro calibrate on images made for it, with 95 % intervals; on a model's own, imperfect images they can "
                    + "be worth less.",
                ["Annotator", "Question", "n", "Yes to what is there", "No to what is not", "Right"],
                calibration.Rows.Where(row => asked.Contains(row.Kind)).Select(row => (IReadOnlyList<string>)
                [
                    row.Annotator, row.Kind, Whole(row.Confusion.Count),
                    ShareText.Of(row.Sensitivity), ShareText.Of(row.Specificity), ShareText.Of(row.Accuracy),
                ]))
            : "What they are worth was not measured: `dlens-repro calibrate` does it, and `export --calibration FILE` puts it here.";
        return string.Join("\n", new[] { who, worth }.Concat(AgreementTables.Of(content.Answered!).Select(TableFiles.Markdown)));
    }

    private static string Again(DatasetContent content) => $"""
        ## Make it again

            {(content.Manifest?.Command is { } command
                ? ServerAddress().Replace(command, "URL")
                : ShellWords.Join(["dlens-repro", content.Spec.Name, "--model", content.Model]))}
            {ShellWords.Join(["dlens-repro", "export", content.Spec.Name, "--model", content.Model, "--huggingface", "FOLDER"])}

        `dlens-repro` is the tool of DiffusionLens. A spec or model of one's own is named by its file or folder; the hashes above say which
        they were.
        """;

    // A name in a network of one's own is nothing to publish, and whoever repeats the run has a server of their own.
    [GeneratedRegex(@"(?<=--vlm-url[ =]'?)[^\s']+", RegexOptions.CultureInvariant)]
    private static partial Regex ServerAddress();

    private static string License(DatasetContent content) => content.License switch
    {
        "unknown" => "Not said. Images follow the license of the model that made them; write it here and in the header.",
        string name => $"`{name}`. Images of the models that come with DiffusionLens show pictures of Twemoji (copyright Twitter, Inc and "
            + "other contributors, CC BY 4.0), on which these models were trained; images of other models follow their model's license.",
    };

    private static string Cite(DatasetContent content) => $"""
        ## Cite

        ```bibtex
        {Citation.Text(Citation.All(content.Spec.Cites)).Trim()}
        ```
        """;

    private static string Table(string title, string note, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        TableFiles.Markdown(new TableSheet("", title, note, columns, [.. rows]));

    private static int Prompts(IEnumerable<DatasetImage> images) =>
        images.Select(image => (image.Any.Condition, image.Any.Prompt)).Distinct().Count();

    private static string Listed<T>(IEnumerable<T> numbers) => string.Join(", ", numbers.Distinct().Order());

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
