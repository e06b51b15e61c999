using System.Text.Json;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Files;
using Experiments.Results;

namespace Experiments.LabelStudio;

/// <summary>
/// Takes over what people answered in Label Studio: its export as JSON, of tasks that <see cref="LabelStudioExport"/> wrote.
/// </summary>
internal static class LabelStudioImport
{
    /// <summary>Reads an export and puts its answers into the tables of the results that they are about.</summary>
    /// <param name="file">The export.</param>
    /// <param name="results">The folder of all results.</param>
    /// <param name="folder">The results folder; null: that of each task's experiment and model.</param>
    /// <param name="planOf">Of a results folder, tells what its last run planned; null: all.</param>
    /// <param name="output">Told what was taken, and what was not and why.</param>
    /// <param name="tell">Told who holds a folder.</param>
    /// <exception cref="BadInputException">It is no such export, or a file cannot be read or written; then nothing is written.</exception>
    public static void Execute(
        string file,
        ResultsRoot results,
        ResultsFolder? folder,
        Func<ResultsFolder, Func<Answer, bool>?> planOf,
        TextWriter output,
        Action<string> tell)
    {
        List<Given> given = Read(file, output);
        IGrouping<ResultsFolder, Given>[] folders = [.. given.GroupBy(one => folder ?? results.Of(one.Experiment, one.Model))];
        if (folders.FirstOrDefault(of => !File.Exists(of.Key.Answers) && !File.Exists(of.Key.Questions)) is { } unasked)
        {
            throw new BadInputException($"{file}: is about {unasked.Key}, where nothing was asked; name the results folder with --out");
        }

        foreach (IGrouping<ResultsFolder, Given> of in folders)
        {
            using FolderClaim claim = FolderClaim.Take(of.Key, tell);
            TakeOver(file, of.Key, [.. of], planOf(of.Key), output);
        }
    }

    private static void TakeOver(string file, ResultsFolder folder, Given[] given, Func<Answer, bool>? isPlanned, TextWriter output)
    {
        IReadOnlyList<Answer> asked = LabelStudioTask.Asked(folder);
        Dictionary<string, Answer> byId = asked.ToDictionary(LabelStudioTask.IdOf);
        Answer[] answers =
        [
            .. from one in given
               let question = byId.GetValueOrDefault(one.Id)
               where question is not null
               select question with
               {
                   Asked = one.Asked.Length > 0 ? one.Asked : question.Asked,
                   ImageHash = one.ImageHash,
                   Yes = one.Yes,
                   Annotator = one.By,
                   Answered = one.At,
               },
        ];
        if (answers.Length < given.Length)
        {
            output.WriteLine(
                $"{file}: {given.Length - answers.Length} answers are to questions that {folder} does not ask; they were left out");
        }

        IReadOnlyList<Answer> planned = LabelStudioTask.Planned(folder, asked, isPlanned);
        using (AnswerJournal journal = AnswerJournal.Open(folder))
        {
            journal.Append(answers);
        }

        AnswerLedger ledger = AnswerLedger.Open(folder, planned, EarlierAnnotator.AndPeople(folder));
        ledger.Save();
        int missing = ledger.SaveQuestions();
        foreach (string note in ledger.Notes)
        {
            output.WriteLine(note);
        }

        foreach (IGrouping<string, Answer> person in answers.GroupBy(answer => answer.Annotator))
        {
            output.WriteLine($"{folder.Answers}: {person.Count()} answers by {person.Key}");
        }

        output.WriteLine($"{folder.Questions}: {missing} are missing");
    }

    // Of each person's answers to a task the last one.
    private static List<Given> Read(string file, TextWriter output)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Utf8Text.Decode(Utf8Text.ReadBytes(file), file));
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                throw NoExport(file, "it is no list of tasks");
            }

            List<Given> given = [];
            int cancelled = 0, empty = 0, number = 0;
            foreach (JsonElement task in document.RootElement.EnumerateArray())
            {
                number++;
                JsonElement data = Part(task, "data") is { ValueKind: JsonValueKind.Object } there
                    ? there
                    : throw NoExport(file, $"task {number} has no data, as in Label Studio's JSON-MIN");
                string id = Text(data, "dlens") ?? throw NoExport(file, $"task {number} has no dlens in its data");
                string experiment = Name(data, "experiment", file, number), model = Name(data, "model", file, number);
                foreach (JsonElement annotation in Each(task, "annotations"))
                {
                    if (Part(annotation, "was_cancelled") is { ValueKind: JsonValueKind.True })
                    {
                        cancelled++;
                    }
                    else if (YesOf(annotation, file, number) is bool yes)
                    {
                        DateTimeOffset? at = AnswerTime.Read(Text(annotation, "updated_at") ?? Text(annotation, "created_at") ?? "");
                        string hash = Text(data, "image_sha256") ?? "", words = Text(data, "asked") ?? "";
                        given.Add(new Given(experiment, model, id, hash, words, WhoOf(annotation), yes, at));
                    }
                    else
                    {
                        empty++;
                    }
                }
            }

            Say(cancelled, "were cancelled");
            Say(empty, "are without an answer");
            return
            [
                .. given.GroupBy(one => (one.Experiment, one.Model, one.Id, one.By)).Select(said => said.OrderBy(one => one.At).Last()),
            ];
        }
        catch (JsonException problem)
        {
            throw NoExport(file, $"line {problem.LineNumber + 1} is no JSON");
        }

        void Say(int count, string what)
        {
            if (count > 0)
            {
                output.WriteLine($"{file}: {count} annotations {what}; they were left out");
            }
        }
    }

    private static bool? YesOf(JsonElement annotation, string file, int number)
    {
        foreach (JsonElement result in Each(annotation, "result"))
        {
            if (Part(result, "value") is { ValueKind: JsonValueKind.Object } value && Each(value, "choices") is [var choice, ..])
            {
                return choice.ValueKind == JsonValueKind.String ? choice.GetString() switch
                {
                    "Yes" => true,
                    "No" => false,
                    { } other => throw NoExport(file, $"task {number} is answered '{other}', which is neither Yes nor No"),
                    null => null,
                }
                : throw NoExport(file, $"task {number} has a choice that is no text");
            }
        }

        return null;
    }

    // The number of a user, or who they are.
    private static string WhoOf(JsonElement annotation)
    {
        if (Part(annotation, "completed_by") is not { } user)
        {
            return AnnotatorName.ByHand;
        }

        if (user.ValueKind != JsonValueKind.Object)
        {
            return user.ValueKind is JsonValueKind.Number or JsonValueKind.String ? $"label-studio user {user}" : AnnotatorName.ByHand;
        }

        string name = string.Join(' ', new[] { Text(user, "first_name"), Text(user, "last_name") }.Where(part => part is { Length: > 0 }));
        return Text(user, "email") is { Length: > 0 } email ? email
            : name.Length > 0 ? name
            : $"label-studio user {Part(user, "id")}";
    }

    private static string Name(JsonElement data, string name, string file, int number) =>
        Text(data, name) is { Length: > 0 } text && text is not ("." or "..") && text.IndexOfAny(['/', '\\', '\0']) < 0
            ? text
            : throw NoExport(file, $"task {number} does not say which {name} it is of");

    private static JsonElement? Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement part) ? part : null;

    private static string? Text(JsonElement of, string name) =>
        Part(of, name) is { ValueKind: JsonValueKind.String } part ? part.GetString() : null;

    private static JsonElement[] Each(JsonElement of, string name) =>
        Part(of, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static BadInputException NoExport(string file, string why) => new(
        $"{file}: is no export of a project that 'export --label-studio' wrote: {why}; in Label Studio choose Export, JSON");

    /// <summary>An answer.</summary>
    /// <param name="Asked">The words that it was given to; empty in exports of projects that do not have them.</param>
    private sealed record Given(
        string Experiment, string Model, string Id, string ImageHash, string Asked, string By, bool Yes, DateTimeOffset? At);
}
