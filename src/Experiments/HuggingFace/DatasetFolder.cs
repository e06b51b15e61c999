using DiffusionLens;
using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Files;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tables;

namespace Experiments.HuggingFace;

/// <summary>
/// A results folder as a dataset of the Hugging Face hub: images with <c>metadata.jsonl</c> as ImageFolder takes them, tables in Parquet,
/// and a card whose header names the files of each. The same results give the same bytes.
/// </summary>
internal static class DatasetFolder
{
    // Images may not lie below a folder or have a name that readers take for a split's ("train", "test", "dev"), as prompts can be.
    private const string MetadataName = "metadata.jsonl", TablesName = "data", CardName = "README.md";

    private const string EmbeddedLicense = "cc-by-4.0", UnknownLicense = "unknown";

    private static readonly IReadOnlyList<ParquetColumn<DatasetQuestion>> QuestionColumns =
    [
        ParquetColumn<DatasetQuestion>.Text("question", line => line.Question),
        ParquetColumn<DatasetQuestion>.Text("condition", line => line.Condition),
        ParquetColumn<DatasetQuestion>.Text("ask", line => line.Ask),
        ParquetColumn<DatasetQuestion>.Text("kind", line => line.Kind),
        ParquetColumn<DatasetQuestion>.Values("makes_right", line => line.MakesRight),
        ParquetColumn<DatasetQuestion>.Values("yes", line => line.Yes),
        ParquetColumn<DatasetQuestion>.Values("no", line => line.No),
        ParquetColumn<DatasetQuestion>.Values("open", line => line.Open),
    ];

    /// <summary>Writes the folder, whole or not at all.</summary>
    /// <param name="folder">The results, with images and answers or questions.</param>
    /// <param name="spec">The experiment.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="isPlanned">Tells which answers and questions are about what the last run planned; null: all.</param>
    /// <param name="request">Where to, and how.</param>
    /// <returns>How many images there are.</returns>
    /// <exception cref="BadInputException">There is nothing to write, an image is not what was asked about, or the place is taken or
    /// cannot be written.</exception>
    public static int Write(ResultsFolder folder, Spec spec, string model, Func<Answer, bool>? isPlanned, DatasetRequest request)
    {
        AtomicFolder.RequireFree(request.Folder);
        DatasetContent content = Gather(folder, spec, model, isPlanned, request);
        AtomicFolder.Write(request.Folder, target =>
        {
            foreach (DatasetImage image in content.Images)
            {
                byte[] png = Utf8Text.ReadBytes(image.Source);
                AtomicFile.Write(Path.Combine(target, image.FileName), stream => stream.Write(png), flushToDisk: false);
            }

            string tables = Path.Combine(target, TablesName);
            AtomicFile.Write(Path.Combine(target, MetadataName), stream => MetadataLines.Write(stream, content.Images, spec.Name, model));
            ParquetTables.WriteAnswers(tables, content.Answers);
            ParquetFile.Write(Path.Combine(tables, "questions.parquet"), QuestionColumns, content.Questions);
            if (content.Measures.Count > 0)
            {
                ParquetTables.WriteMeasures(tables, content.Measures);
            }

            IEnumerable<string> written = Directory.GetFiles(tables).Select(Path.GetFileName).Order(StringComparer.Ordinal)
                .Select(table => $"{TablesName}/{table}").Prepend(MetadataName);
            string card = DatasetCard.Of(content, [.. written.Select(file => HashOf(target, file))]);
            AtomicFile.WriteText(Path.Combine(target, CardName), card);
        });
        return content.Images.Count;
    }

    private static NamedHash HashOf(string folder, string file) =>
        new(file, Fingerprint.OfFile(Path.Combine(folder, file)));

    private static DatasetContent Gather(
        ResultsFolder folder, Spec spec, string model, Func<Answer, bool>? isPlanned, DatasetRequest request)
    {
        IReadOnlyList<Answer> answers = AnswerTable.ReadIfThere(folder.Answers);
        HashSet<AnswerKey> given = [.. answers.Where(answer => answer.Yes is not null).Select(answer => answer.Key)];
        Answer[] read =
        [
            .. answers.Concat(AnswerTable.ReadIfThere(folder.Questions).Where(open => !given.Contains(open.Key))).Select(AsPublished),
        ];
        AnnotatorPseudonyms names = request.KeepsNames ? AnnotatorPseudonyms.None : AnnotatorPseudonyms.Of(read);
        Answer[] all = [.. read.Where(answer => isPlanned?.Invoke(answer) != false).Select(names.Hide)];
        Answer[] said = [.. all.Where(answer => answer.Yes is not null)];
        AnsweredExperiment? answered = said.Length == 0 ? null : AnsweredExperiment.Of(spec, model, lastLayer: null, said);
        IReadOnlyList<DatasetImage> images = DatasetImages.Gather(folder, all, answered);
        if (images.Count == 0)
        {
            throw new BadInputException(all.Length == 0
                ? $"{folder}: has neither answers nor questions; run the experiment first: dlens-repro run {spec.Name}"
                : $"{folder}: its answers are about no images of ours; what was published without images is written by --parquet");
        }

        Dictionary<string, string> fileNames = images.SelectMany(image => image.Answers.Select(answer => (answer.Image, image.FileName)))
            .Distinct().ToDictionary(image => image.Image, image => image.FileName);
        MeasurePoint[] measures = File.Exists(folder.Measures) && given.Count > 0
            ? [.. MeasureTable.Read(folder.Measures).Points.Select(names.Hide)]
            : [];
        return new DatasetContent(
            spec,
            model,
            RunManifest.Read(folder),
            images,
            [.. all.Select(answer => answer with { Image = fileNames.GetValueOrDefault(answer.Image, "") })],
            measures,
            answered,
            Worth(request.Calibration ?? spec.Calibration, all, names),
            request.License ?? (AssetCatalog.Models.HasOfTool(model) ? EmbeddedLicense : UnknownLicense));
    }

    // Somebody who filled in a table and no name is a person all the same; a time without an answer says nothing but when they worked.
    private static Answer AsPublished(Answer answer) => answer.Yes is null ? answer with { Answered = null } : AnswerLedger.Named(answer);

    // What was measured of those who answered here.
    private static CalibrationTable? Worth(string? file, IReadOnlyList<Answer> answers, AnnotatorPseudonyms names)
    {
        HashSet<string> annotators = [.. answers.Select(answer => answer.Annotator)];
        IEnumerable<string> files = file is not null ? [file] : AssetCatalog.Models.Names()
            .Select(name => Path.Combine(AssetCatalog.Models.Find(name).Path, CalibrationTable.FileName))
            .Where(File.Exists);
        CalibrationRow[] rows =
        [
            .. files.SelectMany(path => CalibrationTable.Read(path).Rows)
                .Select(row => row with { Annotator = names.Hide(row.Annotator) })
                .Where(row => annotators.Contains(row.Annotator)),
        ];
        return rows.Length == 0 ? null : new CalibrationTable(rows);
    }
}
