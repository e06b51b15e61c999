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
        Assert.Equal(_asked.Length, LabelStudioExport.Write(_folder, "colors", "mini", _project));

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

        Assert.Equal(_asked.Length - 1, LabelStudioExport.Write(_folder, "colors", "mini", _project));
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

    private string Import()
    {
        StringWriter output = new();
        LabelStudioImport.Execute(_export, _results, folder: null, output, output.WriteLine);
        return output.ToString();
    }

    // As Label Studio has them: the tasks that were imported, with the annotations of each.
    private JsonArray Exported(params JsonNode[][] annotations)
    {
        LabelStudioExport.Write(_folder, "colors", "mini", _project);
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
