using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionLens;
using Experiments.Annotation;
using Experiments.Answers;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.LabelStudio;

/// <summary>
/// A project for Label Studio: <c>tasks.json</c>, <c>config.xml</c> with the labeling interface, the images under names that say nothing,
/// and how to import it.
/// </summary>
internal static class LabelStudioExport
{
    private const string ImagesName = "images";

    private const string Config = """
        <View>
          <Header value="$question"/>
          <Image name="image" value="$image" zoom="true" zoomControl="true"/>
          <Choices name="answer" toName="image" choice="single" required="true" showInline="true">
            <Choice value="Yes" hotkey="y"/>
            <Choice value="No" hotkey="n"/>
          </Choices>
        </View>

        """;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the questions that the last run planned and no person has answered, in shuffled sets of one question each.</summary>
    /// <param name="folder">The results.</param>
    /// <param name="experiment">The experiment's name.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="isPlanned">Tells what the last run planned; null: all.</param>
    /// <param name="target">The folder to write.</param>
    /// <returns>How many tasks there are.</returns>
    /// <exception cref="BadInputException">There is nothing to ask, or a file cannot be read or written.</exception>
    public static int Write(ResultsFolder folder, string experiment, string model, Func<Answer, bool>? isPlanned, string target)
    {
        HashSet<AnswerKey> byPeople =
        [
            .. AnswerTable.ReadIfThere(folder.Answers).Where(answer => AnnotatorName.Party(answer.Annotator).Length == 0)
                .Select(answer => answer.Key),
        ];
        IEnumerable<Answer> unanswered = LabelStudioTask.Asked(folder).Where(asked => !byPeople.Contains(asked.Key));
        Answer[] open = [.. LabelStudioTask.Planned(folder, unanswered, isPlanned)];
        if (open.Length == 0)
        {
            throw new BadInputException(
                $"{folder}: has no question that people have not answered; make its images and questions first: "
                    + $"dlens-repro run {experiment} --annotators people");
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)));
        foreach (Answer image in open.DistinctBy(asked => asked.ImageHash))
        {
            string source = folder.In(image.Image);
            AtomicFile.Write(Path.Combine(target, ImagesName, FileOf(image)), stream =>
            {
                using FileStream from = File.OpenRead(source);
                from.CopyTo(stream);
            });
        }

        LabelStudioItem[] tasks =
        [
            .. from set in QuestionSet.Make(open, seed: 0, overlap: 0)
               from place in set.Places
               let asked = open[place]
               select new LabelStudioItem(new LabelStudioData(
                   $"/data/local-files/?d={Uri.EscapeDataString(name)}/{ImagesName}/{FileOf(asked)}",
                   set.Prompt is null ? set.Question : $"{set.Question} Prompt: {set.Prompt}",
                   LabelStudioTask.IdOf(asked),
                   asked.Asked,
                   asked.ImageHash,
                   experiment,
                   model)),
        ];
        AtomicFile.WriteText(Path.Combine(target, "config.xml"), Config);
        AtomicFile.WriteText(Path.Combine(target, "README.md"), ReadMe(name));
        AtomicFile.WriteText(Path.Combine(target, "tasks.json"), JsonSerializer.Serialize(tasks, Json) + "\n");
        return tasks.Length;
    }

    private static string FileOf(Answer asked) => $"{asked.ImageHash}.png";

    private static string ReadMe(string name) => $"""
        # A project for Label Studio

        1. Start Label Studio so that it serves files of the folder that holds this one:

               export LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true
               export LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT=FOLDER    # the absolute path of the folder that holds {name}
               label-studio start

        2. Create a project. Settings, Labeling Interface, Code: paste config.xml.
        3. Settings, Cloud Storage, Add Source Storage, Local files: the absolute path of {name}/images. Do not press Sync: this only
           allows the images to be served.
        4. Import tasks.json. People answer with y and n.
        5. Export as JSON (not JSON-MIN), and take it back:

               dlens-repro import --label-studio EXPORT.json

        Keep "experiment", "model", "dlens" and "asked" of the tasks as they are: by them answers find their images and questions.

        """;

    private sealed record LabelStudioItem(LabelStudioData Data);

    private sealed record LabelStudioData(
        string Image,
        string Question,
        string Dlens,
        string Asked,
        [property: JsonPropertyName("image_sha256")] string ImageSha256,
        string Experiment,
        string Model);
}
