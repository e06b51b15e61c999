using System.Text.Json.Nodes;
using DiffusionLens;
using Experiments.Answers;
using Experiments.Images;
using Experiments.LabelStudio;
using Experiments.Results;
using Experiments.Tests.Answers;
using TorchSharp;

namespace Experiments.Tests.LabelStudio;

public sealed class LabelStudioTests : IDisposable
{
    private readonly ResultsRoot _results = new(Directory.CreateTempSubdirectory("label-studio-").FullName);
    private readonly ResultsFolder _folder;
    private readonly Answer[] _asked;
    private readonly string _project, _export;

    public LabelStudioTests()
    {
        _folder = _results.Of("colors", "mini");
        _project = _results.In("project");
        _export = _results.In("export.json");
        _asked = [.. SmallPlan.Asked(SmallPlan.Plan).Take(4)];
        foreach (Answer asked in _asked)
        {
            using torch.Tensor pixels = torch.full([3, 2, 2], asked.Layer / 10.0 + (asked.Seed / 50.0));
            ImageFile.Write(_folder.In(asked.Image), pixels, "x");
        }

        AnswerTable.Write(_folder.Questions, _asked);
    }

    public void Dispose() => Directory.Delete(_results.Path, recursive: true);

    [Fact]
    public void A_project_has_a_task_for_each_open_question_and_says_neither_layer_nor_prompt()
    {
        Assert.Equal(_asked.Length, LabelStudioExport.Write(_folder, "colors", "mini", isPlanned: null, _project));

        string tasks = File.ReadAllText(Path.Combine(_project, "tasks.json"));
        JsonNode task = JsonNode.Parse(tasks)![0]!["data"]!;
        string image = task["image"]!.GetValue<string>();
        Assert.StartsWith("/data/local-files/?d=project/images/px-", image, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_results.Path, image.Split("?d=")[1])));
        Assert.DoesNotContain("layer", tasks, StringComparison.Ordinal);
        Assert.DoesNotContain("cow", tasks, StringComparison.Ordinal);
        Assert.Contains("value=\"$image\"", File.ReadAllText(Path.Combine(_project, "config.xml")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_answered_there_comes_back_with_who_and_when()
    {
        JsonArray tasks = Exported(
            [Annotation("Yes", 3), Annotation("No", """{"id": 4, "email": "ben@example.com", "first_name": "Ben"}""")],
            [Annotation("No", 3), Annotation("Yes", 3, updated: "2026-11-27T15:00:00.123Z")],
            [Annotation("Yes", 3, cancelled: true), Annotation(null, 3)],
            []);
        File.WriteAllText(_export, tasks.ToJsonString());

        string output = Import();

        Answer[] answers = [.. AnswerTable.Read(_folder.Answers)];
        Assert.Equal(3, answers.Length);
        Assert.Equal(["ben@example.com", "label-studio user 3"], answers.Select(answer => answer.Annotator).Distinct().Order());
        Assert.Equal("2026-11-27T15:00:00Z", AnswerTime.Text(answers.Max(answer => answer.Answered)));
        Assert.Equal(2, AnswerTable.Read(_folder.Questions).Count);
        Assert.Contains("1 annotations were cancelled", output, StringComparison.Ordinal);
        Assert.Contains("1 annotations are without an answer", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.AnswerJournal));
    }

    [Fact]
    public void What_was_answered_already_is_not_exported_again()
    {
        File.WriteAllText(_export, Exported([Annotation("Yes", 3)], [], [], []).ToJsonString());
        Import();

        Assert.Equal(_asked.Length - 1, LabelStudioExport.Write(_folder, "colors", "mini", isPlanned: null, _project));
    }

    [Fact]
    public void What_the_last_run_did_not_plan_is_not_asked_even_where_its_images_are_gone()
    {
        AnswerTable.Write(_folder.Answers, [LeftOver() with { Yes = true, Annotator = "robot@00000001" }]);

        int tasks = LabelStudioExport.Write(_folder, "colors", "mini", IsPlanned, _project);

        Assert.Equal(_asked.Length, tasks);
    }

    [Fact]
    public void Answers_to_what_the_last_run_did_not_plan_are_taken_and_such_questions_are_not_said_to_be_missing()
    {
        JsonArray tasks = Exported([Annotation("Yes", 3)], [], [], []);
        tasks[0]!["data"]!["dlens"] = LabelStudioTask.IdOf(LeftOver());
        File.WriteAllText(_export, tasks.ToJsonString());
        AnswersFile.Write(_folder, [LeftOver() with { Yes = true, Annotator = "robot@00000001" }]);

        Import(IsPlanned);

        Assert.Equal(
            ["label-studio user 3", "robot@00000001"], AnswerTable.Read(_folder.Answers).Select(answer => answer.Annotator).Order());
        Assert.All(AnswerTable.Read(_folder.Answers), answer => Assert.Equal("an old prompt", answer.Prompt));
        Assert.Equal(_asked.Length, AnswerTable.Read(_folder.Questions).Count);
    }

    [Fact]
    public void A_question_is_asked_in_the_words_of_the_last_run_where_a_machine_answered_it_in_others_before()
    {
        AnswerTable.Write(
            _folder.Answers, _asked.Select(asked => asked with { Asked = "In old words?", Yes = true, Annotator = "robot@00000001" }));

        LabelStudioExport.Write(_folder, "colors", "mini", isPlanned: null, _project);

        string tasks = File.ReadAllText(Path.Combine(_project, "tasks.json"));
        Assert.Contains(_asked[0].Asked, tasks, StringComparison.Ordinal);
        Assert.DoesNotContain("In old words?", tasks, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_stays_with_the_words_that_it_was_given_to_where_the_question_has_others_since()
    {
        File.WriteAllText(_export, Exported([Annotation("Yes", 3)], [], [], []).ToJsonString());
        string words = _asked[0].Asked;
        AnswerTable.Write(_folder.Questions, _asked.Select(asked => asked with { Asked = "In new words?" }));

        Import();

        Assert.Equal(words, Assert.Single(AnswerTable.Read(_folder.Answers)).Asked);
        Assert.All(AnswerTable.Read(_folder.Questions), open => Assert.Equal("In new words?", open.Asked));
    }

    [Fact]
    public void A_project_of_an_earlier_version_which_does_not_have_the_words_is_taken_too()
    {
        JsonArray tasks = Exported([Annotation("Yes", 3)], [], [], []);
        Assert.True(tasks[0]!["data"]!.AsObject().Remove("asked"));
        File.WriteAllText(_export, tasks.ToJsonString());

        Import();

        Assert.Equal(_asked[0].Asked, Assert.Single(AnswerTable.Read(_folder.Answers)).Asked);
    }

    [Theory]
    [InlineData("{}", "it is no list of tasks")]
    [InlineData("[", "is no JSON")]
    [InlineData("""[{"image": "x", "answer": "Yes", "annotator": 1}]""", "JSON-MIN")]
    [InlineData("""[{"data": {"image": "x"}, "annotations": []}]""", "no dlens")]
    [InlineData("""[{"data": {"dlens": "q-0", "experiment": "../x", "model": "m"}, "annotations": []}]""", "which experiment")]
    [InlineData(
        """
        [{"data": {"dlens": "q-0", "experiment": "e", "model": "m"}, "annotations": [{"result": [{"value": {"choices": ["Maybe"]}}]}]}]
        """,
        "'Maybe'")]
    public void What_is_no_such_export_is_refused_in_a_line(string text, string why)
    {
        File.WriteAllText(_export, text);

        string message = Assert.Throws<BadInputException>(() => Import()).Message;

        Assert.StartsWith(_export, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.Answers));
    }

    // About an image of an earlier version of the spec, which was deleted since.
    private Answer LeftOver() => _asked[0] with { Prompt = "an old prompt", Image = "images/an-old-prompt.png", ImageHash = "" };

    private static bool IsPlanned(Answer answer) => answer.Prompt != "an old prompt";

    private string Import(Func<Answer, bool>? isPlanned = null)
    {
        StringWriter output = new();
        LabelStudioImport.Execute(_export, _results, folder: null, _ => isPlanned, output, output.WriteLine);
        return output.ToString();
    }

    // As Label Studio has them: the tasks that were imported, with the annotations of each.
    private JsonArray Exported(params JsonNode[][] annotations)
    {
        LabelStudioExport.Write(_folder, "colors", "mini", isPlanned: null, _project);
        JsonArray tasks = JsonNode.Parse(File.ReadAllText(Path.Combine(_project, "tasks.json")))!.AsArray();
        for (int i = 0; i < annotations.Length; i++)
        {
            tasks[i]!["id"] = i + 1;
            tasks[i]!["annotations"] = new JsonArray(annotations[i]);
        }

        return tasks;
    }

    private static JsonNode Annotation(string? choice, int user, bool cancelled = false, string updated = "2026-11-27T14:00:00.000000Z") =>
        Annotation(choice, $"{user}", cancelled, updated);

    private static JsonNode Annotation(string? choice, string user, bool cancelled = false, string updated = "2026-11-27T14:00:00.000000Z")
    {
        string result = choice is null ? "" : $$$"""
            {"id": "a", "from_name": "answer", "to_name": "image", "type": "choices", "value": {"choices": ["{{{choice}}}"]}}
            """;
        return JsonNode.Parse($$"""
            {"id": 1, "completed_by": {{user}}, "was_cancelled": {{(cancelled ? "true" : "false")}}, "updated_at": "{{updated}}",
             "result": [{{result}}]}
            """)!;
    }
}
