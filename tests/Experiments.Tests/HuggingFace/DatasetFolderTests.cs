using System.Text.Json;
using DiffusionLens;
using Experiments.Answers;
using Experiments.HuggingFace;
using Experiments.Images;
using Experiments.Measures;
using Experiments.Results;
using Experiments.Specs;
using Experiments.Tests.Answers;
using Experiments.Tests.Runs;
using Parquet;
using TorchSharp;
using YamlDotNet.RepresentationModel;

namespace Experiments.Tests.HuggingFace;

public sealed class DatasetFolderTests : IDisposable
{
    private const string Person = "Ada Lovelace", Robot = "robot@00000001";

    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly Spec Spec = SmallPlan.Plan.Spec with
    {
        Title = "Objects: \"red\" & 'blue'",
        Questions =
        [
            new(SmallPlan.HasObject, new Template("Is it there?", []), null, [SmallPlan.Object], default),
            new(SmallPlan.HasOther, new Template("Is the other there?", []), null, [SmallPlan.TwoColors], default),
        ],
    };

    private readonly string _root = Directory.CreateTempSubdirectory("dataset-").FullName;
    private readonly ResultsFolder _results;

    public DatasetFolderTests()
    {
        _results = new ResultsFolder(Path.Combine(_root, "results"));
        foreach (Answer asked in SmallPlan.Asked(SmallPlan.Plan).DistinctBy(asked => asked.Image))
        {
            double shade = (asked.PromptNumber / 10.0) + (asked.Layer / 50.0) + (asked.Seed / 100.0);
            using torch.Tensor pixels = torch.full([3, 2, 4], shade);
            ImageFile.Write(_results.In(asked.Image), pixels, "x");
        }

        Answer[] byRobot = [.. Answered(Robot).Select(answer => answer with { Score = answer.Yes == true ? 1 : 0.25 })];
        AnswerTable.Write(_results.Answers, [.. byRobot, .. Answered(Person).Take(5)]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static IEnumerable<Answer> Answered(string annotator) =>
        SmallPlan.Answers(SmallPlan.Plan, asked => asked.Layer >= 2 ? 2 : null)
            .Select(answer => answer with { Annotator = annotator, Answered = annotator == Person ? Noon : null });

    [Fact]
    public void Every_image_is_a_line_of_metadata_and_opens_under_the_name_that_stands_there()
    {
        string dataset = Write("dataset");

        JsonElement[] lines = Lines(dataset);
        Assert.Equal(SmallPlan.Plan.ImageCount, lines.Length);
        foreach (JsonElement line in lines)
        {
            string file = Path.Combine(dataset, line.GetProperty("file_name").GetString()!);
            Assert.Equal(line.GetProperty("image_sha256").GetString(), ImageFile.PixelHashOf(file));
            Assert.Equal((4, 2), (line.GetProperty("width").GetInt32(), line.GetProperty("height").GetInt32()));
        }

        Assert.Equal(lines.Length, lines.Select(line => line.GetProperty("file_name").GetString()).Distinct().Count());
        Assert.Equal(lines.Length, Directory.GetFiles(Path.Combine(dataset, "images"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_line_says_prompt_layer_seed_site_answers_and_whether_the_image_is_right()
    {
        JsonElement line = Lines(Write("dataset")).First(line =>
            line.GetProperty("prompt").GetString() == "an apple, \"red\"" && line.GetProperty("layer").GetInt32() == 2);

        Assert.Equal("object", line.GetProperty("condition").GetString());
        Assert.Equal(0, line.GetProperty("seed").GetInt32());
        Assert.Equal("layer-02", line.GetProperty("site").GetString());
        Assert.Equal("block", line.GetProperty("point").GetString());
        Assert.True(line.GetProperty("right").GetBoolean());
        JsonElement answer = line.GetProperty("answers")[0];
        Assert.Equal("has object", answer.GetProperty("question").GetString());
        Assert.Equal("Is the first thing there?", answer.GetProperty("asked").GetString());
        Assert.True(answer.GetProperty("yes").GetBoolean());
        Assert.Equal(Robot, answer.GetProperty("annotator").GetString());
    }

    // Readers guess a column's type from the first lines: all lines have the same keys, no text is null, and scores are never whole.
    [Fact]
    public void All_lines_have_the_same_keys_and_types()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Write("dataset"), "metadata.jsonl"));

        Assert.Single(lines.Select(line => string.Join(',', Properties(JsonDocument.Parse(line).RootElement))).Distinct());
        Assert.All(lines, line => Assert.DoesNotContain("\"score\":1,", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"score\":1.0,", StringComparison.Ordinal));

        static IEnumerable<string> Properties(JsonElement line) => line.EnumerateObject().Select(property =>
            $"{property.Name}:{(property.Value.ValueKind == JsonValueKind.False ? JsonValueKind.True : property.Value.ValueKind)}");
    }

    [Theory]
    [InlineData("train")]
    [InlineData("test")]
    [InlineData("valid")]
    [InlineData("dev")]
    [InlineData("eval")]
    public void No_file_has_a_name_that_readers_take_for_a_split(string split)
    {
        // A prompt that is one, as "a train" would be.
        Answer[] answers = [.. AnswerTable.Read(_results.Answers).Select(answer => answer with { Prompt = $"{split} {answer.Prompt}" })];
        AnswerTable.Write(_results.Answers, answers);

        string dataset = Write("dataset");

        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(dataset, "*", SearchOption.AllDirectories),
            path => Path.GetRelativePath(dataset, path).Contains(split, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_card_begins_with_YAML_that_names_the_files_of_every_configuration()
    {
        string dataset = Write("dataset", measured: true);

        YamlMappingNode header = Header(dataset);

        Assert.Equal("unknown", header["license"].ToString());
        Assert.Equal("n<1K", ((YamlSequenceNode)header["size_categories"])[0].ToString());
        Assert.Equal(DatasetTitle, header["pretty_name"].ToString());
        YamlMappingNode[] configs = [.. ((YamlSequenceNode)header["configs"]).Cast<YamlMappingNode>()];
        Assert.Equal(["images", "answers", "measures", "questions"], configs.Select(config => config["config_name"].ToString()));
        foreach (YamlNode path in configs.Select(config => ((YamlSequenceNode)config["data_files"])[0]["path"])
                     .SelectMany(path => path is YamlSequenceNode several ? several.Children : [path]))
        {
            string file = path.ToString().Replace("/**", "", StringComparison.Ordinal);
            Assert.True(Path.Exists(Path.Combine(dataset, file)), file);
        }
    }

    [Fact]
    public void The_card_has_the_command_of_the_run_and_without_one_that_of_the_experiment_on_the_model()
    {
        string unknown = Card(Write("unknown"));
        (ModelFactsTests.Manifest with { Command = "dlens-repro colors.yaml --model small --tokens 'word:a dog'" }).Write(_results);
        string known = Card(Write("known"));

        string export = $"    dlens-repro export {Spec.Name} --model small --huggingface FOLDER\n";
        Assert.Contains($"\n    dlens-repro {Spec.Name} --model small\n{export}", unknown, StringComparison.Ordinal);
        Assert.Contains($"\n    dlens-repro colors.yaml --model small --tokens 'word:a dog'\n{export}", known, StringComparison.Ordinal);

        static string Card(string dataset) => File.ReadAllText(Path.Combine(dataset, "README.md"));
    }

    [Theory]
    [InlineData("--vlm-url http://gpu-7.lab.example:8080/v1", "--vlm-url URL")]
    [InlineData("--vlm-url=http://gpu-7.lab.example:8080/v1", "--vlm-url=URL")]
    [InlineData("--vlm-url 'http://[fd00::gpu-7]:8080/v1'", "--vlm-url 'URL'")]
    [InlineData("'--vlm-url=http://[fd00::gpu-7]:8080/v1'", "'--vlm-url=URL'")]
    public void The_card_does_not_say_where_the_server_of_a_VLM_stood(string option, string published)
    {
        (ModelFactsTests.Manifest with { Command = $"dlens-repro colors.yaml {option} --vlm-model qwen" }).Write(_results);

        string card = File.ReadAllText(Path.Combine(Write("dataset"), "README.md"));

        Assert.Contains($"dlens-repro colors.yaml {published} --vlm-model qwen\n", card, StringComparison.Ordinal);
        Assert.DoesNotContain("gpu-7", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_name_the_images_of_the_dataset()
    {
        string dataset = Write("dataset");

        await using ParquetReader reader = await ParquetReader.CreateAsync(Path.Combine(dataset, "data", "answers.parquet"));
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        string?[] images = new string?[(int)group.RowCount];
        await group.ReadAsync(reader.Schema.FindDataField("image"), images.AsMemory());

        Assert.All(images, image => Assert.True(File.Exists(Path.Combine(dataset, image!)), image));
    }

    [Fact]
    public void People_have_numbers_and_no_times_unless_names_are_asked_for()
    {
        string hidden = Write("hidden", measured: true), named = Write("named", measured: true, keepsNames: true);

        Assert.DoesNotContain("Ada", All(hidden), StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", All(hidden), StringComparison.Ordinal);
        Assert.Contains("\"annotator\":\"person 1\"", All(hidden), StringComparison.Ordinal);
        Assert.Contains($"\"annotator\":\"{Person}\"", All(named), StringComparison.Ordinal);
        Assert.Contains($"\"annotator\":\"{Robot}\"", All(hidden), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_filled_in_questions_that_no_run_has_taken_yet_has_a_number_too(bool answersAreThere)
    {
        Answer[] asked = [.. SmallPlan.Asked(SmallPlan.Plan)];
        AnswerTable.Write(_results.Questions,
        [
            .. asked.Take(5).Select(answer => answer with { Yes = true, Annotator = "Grace Hopper", Answered = Noon }),
            .. asked[5..8].Select(answer => answer with { Annotator = "Grace Hopper", Answered = Noon }),
            .. asked[8..9].Select(answer => answer with { Yes = false, Answered = Noon }),
            .. asked[9..],
        ]);
        if (answersAreThere)
        {
            AnswerTable.Write(_results.Answers, AnswerTable.Read(_results.Answers).TakeLast(1));
        }
        else
        {
            File.Delete(_results.Answers);
        }

        string hidden = Write("hidden"), named = Write("named", keepsNames: true);

        Assert.DoesNotContain("Grace", All(hidden), StringComparison.Ordinal);
        Assert.DoesNotContain("by hand", All(hidden), StringComparison.Ordinal);
        Assert.Contains("\"annotator\":\"Grace Hopper\"", All(named), StringComparison.Ordinal);
        Assert.Contains("\"annotator\":\"by hand\"", All(named), StringComparison.Ordinal);
        Assert.Contains(
            "## Who answered, and what that is worth", File.ReadAllText(Path.Combine(hidden, "README.md")), StringComparison.Ordinal);
        Assert.Contains("a person", All(hidden), StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody has answered yet", All(hidden), StringComparison.Ordinal);
        Assert.True(Lines(hidden)[0].GetProperty("right").GetBoolean());
    }

    [Fact]
    public async Task Times_at_which_people_answered_are_left_out()
    {
        Assert.Equal(0, await Times(Write("hidden")));
        Assert.Equal(5, await Times(Write("named", keepsNames: true)));
        File.Delete(_results.Answers);
        AnswerTable.Write(_results.Questions, Answered(Person));
        Assert.Equal(0, await Times(Write("filled in")));

        static async Task<int> Times(string dataset)
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(Path.Combine(dataset, "data", "answers.parquet"));
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
            DateTime?[] times = new DateTime?[(int)group.RowCount];
            await group.ReadAsync<DateTime>(reader.Schema.FindDataField("answered"), times.AsMemory());
            return times.Count(time => time is not null);
        }
    }

    [Fact]
    public void The_same_results_give_the_same_bytes()
    {
        string first = Write("first", measured: true), second = Write("second", measured: true);

        string[] files = Files(first);
        Assert.Equal(files, Files(second));
        Assert.All(
            files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file))));

        static string[] Files(string folder) =>
            [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order()];
    }

    [Fact]
    public void A_question_that_nobody_answered_is_open()
    {
        AnswerTable.Write(_results.Questions, SmallPlan.Asked(SmallPlan.Plan));
        File.Delete(_results.Answers);

        string dataset = Write("dataset");

        JsonElement line = Lines(dataset)[0];
        Assert.Equal(JsonValueKind.Null, line.GetProperty("right").ValueKind);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("answers")[0].GetProperty("yes").ValueKind);
        Assert.Equal("no-annotation", ((YamlSequenceNode)Header(dataset)["annotations_creators"])[0].ToString());
        Assert.Contains("Nobody has answered yet", File.ReadAllText(Path.Combine(dataset, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_something_in_it_is_refused_and_left_as_it_is()
    {
        string taken = Directory.CreateDirectory(Path.Combine(_root, "taken")).FullName;
        File.WriteAllText(Path.Combine(taken, "mine.txt"), "mine");

        Refused(() => Write("taken"), "is there already");

        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(taken).Select(Path.GetFileName));
    }

    [Fact]
    public void Where_an_image_is_damaged_nothing_is_written()
    {
        string image = _results.In(SmallPlan.Asked(SmallPlan.Plan).Last().Image);
        File.WriteAllBytes(image, File.ReadAllBytes(image)[..40]);

        Refused(() => Write("dataset"), "is cut short");

        Assert.Equal(["results"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void An_answer_about_other_pixels_is_refused()
    {
        Answer[] answers = [.. AnswerTable.Read(_results.Answers)];
        AnswerTable.Write(_results.Answers, [answers[0] with { ImageHash = "px-0000000000000000" }, .. answers[1..]]);

        Refused(() => Write("dataset"), "other pixels");
    }

    [Theory]
    [InlineData("CC BY 4.0")]
    [InlineData("mit\nx: y")]
    [InlineData("")]
    public void What_is_no_name_of_a_license_is_refused(string license) =>
        Refused(() => _ = new DatasetRequest("x") { License = license }, "--license");

    [Fact]
    public void Results_without_images_are_refused()
    {
        AnswerTable.Write(_results.Answers, AnswerTable.Read(_results.Answers).Select(answer => answer with { Image = "" }));

        Refused(() => Write("dataset"), "about no images");
    }

    [Fact]
    public void What_the_last_run_did_not_plan_is_left_out()
    {
        string dataset = Path.Combine(_root, "dataset");

        int images = DatasetFolder.Write(_results, Spec, "small", answer => answer.Seed == 0, new DatasetRequest(dataset));

        Assert.Equal(SmallPlan.Plan.ImageCount / 2, images);
        Assert.All(Lines(dataset), line => Assert.Equal(0, line.GetProperty("seed").GetInt32()));
    }

    private static string DatasetTitle => $"{Spec.Title}: small through the Diffusion Lens";

    private static string All(string dataset) => string.Concat(
        Directory.GetFiles(dataset, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".png", StringComparison.Ordinal))
            .Select(file => File.ReadAllText(file, System.Text.Encoding.Latin1)));

    private static void Refused(Action write, string why)
    {
        string message = Assert.Throws<BadInputException>(write).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static JsonElement[] Lines(string dataset) =>
        [.. File.ReadLines(Path.Combine(dataset, "metadata.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    private static YamlMappingNode Header(string dataset)
    {
        string[] parts = File.ReadAllText(Path.Combine(dataset, "README.md")).Split("---\n", 3);
        Assert.Equal("", parts[0]);
        YamlStream yaml = [];
        yaml.Load(new StringReader(parts[1]));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private string Write(string name, bool measured = false, bool keepsNames = false)
    {
        if (measured)
        {
            AnsweredExperiment answered = AnsweredExperiment.Of(Spec, "small", 4, AnswerTable.Read(_results.Answers));
            MeasureTable.Write(
                _results.Measures,
                Measuring.Compute(answered, null).Points.Select(point => point with { AnswersBy = $"{Robot}, else {Person} (often)" }));
        }

        string folder = Path.Combine(_root, name);
        int images = DatasetFolder.Write(_results, Spec, "small", isPlanned: null, new DatasetRequest(folder) { KeepsNames = keepsNames });
        Assert.Equal(SmallPlan.Plan.ImageCount, images);
        return folder;
    }
}
