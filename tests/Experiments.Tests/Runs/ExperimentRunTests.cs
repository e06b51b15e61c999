using Experiments.Answers;
using Experiments.Catalog;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using Experiments.Runs;

namespace Experiments.Tests.Runs;

/// <summary>The whole line on a model of a few kilobytes, for which a person answers.</summary>
public sealed class ExperimentRunTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _folder = Directory.CreateTempSubdirectory("run-").FullName;
    private string _spec = "colors";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_spec_to_report_with_answers_by_hand_and_a_second_run_does_nothing()
    {
        string first = Run();
        Assert.Contains("6 made", first, StringComparison.Ordinal);
        Assert.Contains("are missing: fill in", first, StringComparison.Ordinal);
        Assert.True(File.Exists(InFolder("strips/object.png")));
        Assert.Contains("\"figures\":[]", File.ReadAllText(InFolder("explore/answers.js")), StringComparison.Ordinal);

        string questions = InFolder("questions.csv");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => answer with { Yes = answer.Layer == 5 })]);
        string second = Run();
        Assert.Contains("all 6 are there", second, StringComparison.Ordinal);
        Assert.EndsWith("report.html", second.TrimEnd(), StringComparison.Ordinal);
        Assert.All(
            [
                "answers.csv", "measures.csv", "figures/fig-3.png", "figures/fig-3.svg", "figures/fig-3.csv", "report.html", "explore.html",
                "explore/sheet-000.jpg", "manifest.json",
            ],
            file => Assert.True(File.Exists(InFolder(file)), file));
        Assert.DoesNotContain("\"figures\":[]", File.ReadAllText(InFolder("explore/answers.js")), StringComparison.Ordinal);
        Dictionary<string, byte[]> written = Files();

        string third = Run();
        Assert.Contains("Nothing to do", third, StringComparison.Ordinal);
        Assert.Equal(written, Files());

        File.Delete(InFolder("figures/fig-3.svg"));
        Assert.DoesNotContain("Nothing to do", Run(), StringComparison.Ordinal);
        Assert.Equal(written.Keys.Order(), Files().Keys.Order());
        Assert.DoesNotContain(Files().Keys, file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void While_answers_are_missing_there_is_a_report_of_the_images_and_what_was_run()
    {
        Run();

        string page = File.ReadAllText(InFolder("report.html"));
        Assert.Contains("Not all questions about these images have their answers yet", page, StringComparison.Ordinal);
        Assert.Contains("id=\"strip-object\"", page, StringComparison.Ordinal);
        Assert.Contains(
            "dlens-repro colors.yaml --model sd1 --layers 0,5 --limit 1 --seeds 0 --steps 1&#xA;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"figures\"", page, StringComparison.Ordinal);

        string questions = InFolder("questions.csv");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => answer with { Yes = answer.Layer == 5 })]);
        Assert.DoesNotContain("is not as it was left", Run(), StringComparison.Ordinal);
        Assert.Contains("id=\"figures\"", File.ReadAllText(InFolder("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_says_how_to_make_it_again_what_came_of_it_and_what_to_cite_and_names_no_folder_of_this_machine()
    {
        Finish();
        Run("--only", "report", "--force");

        string page = File.ReadAllText(InFolder("report.html"));
        RunManifest manifest = RunManifest.Read(new ResultsFolder(_folder))!;
        Assert.Equal("dlens-repro colors.yaml --model sd1 --layers 0,5 --limit 1 --seeds 0 --steps 1", manifest.Command);
        Assert.Contains(manifest.Command!, page, StringComparison.Ordinal);
        Assert.All(
            [manifest.Spec.Sha256, manifest.Model.Sha256, .. manifest.Stages["measures"].Files.Select(file => file.Sha256)],
            hash => Assert.Contains(hash, page, StringComparison.Ordinal));
        Assert.Contains("@inproceedings{toker2024diffusionlens,", page, StringComparison.Ordinal);
        Assert.Contains("what by hand answered is in answers.csv alone", page, StringComparison.Ordinal);
        Assert.Contains("h^5 of text_encoder (5 blocks, causal mask)", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"explore.html\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, page, StringComparison.Ordinal);
        Assert.DoesNotContain(AppContext.BaseDirectory, page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_says_what_was_run_and_how_long_it_took()
    {
        Run("--only", "images");

        RunManifest manifest = RunManifest.Read(new ResultsFolder(_folder))!;
        Assert.Equal(("colors.yaml", "sd1", 3, 6), (manifest.Spec.Name, manifest.Model.Name, manifest.Prompts, manifest.Images));
        Assert.Equal([0, 5], manifest.Layers);
        Assert.Equal("float32", manifest.Dtype);
        Assert.True(manifest.Stages["images"].Done);
        Assert.Equal(64, manifest.Model.Sha256.Length);
    }

    [Fact]
    public void What_recognizers_look_for_is_noted_when_questions_are_asked_and_stays_noted()
    {
        ResultsFolder folder = new(_folder);
        Run("--only", "images");
        Assert.Null(RunManifest.Read(folder)!.Sees);

        Run("--only", "answers");
        Assert.Equal("{thing: object, color: color}", RunManifest.Read(folder)!.Sees!["object in color"]);

        (RunManifest.Read(folder)! with { Sees = new Dictionary<string, string> { ["object in color"] = "animal" } }).Write(folder);
        Run("--only", "images");
        Assert.Equal("animal", RunManifest.Read(folder)!.Sees!["object in color"]);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("half")]
    [InlineData("a letter")]
    public void Whatever_of_a_finished_run_is_damaged_is_said_by_a_deep_verification_and_made_again(string damage)
    {
        Finish();
        Dictionary<string, byte[]> whole = Files();
        string[] damaged = [.. whole.Keys.Where(file => !file.StartsWith('.') && file is not ("answers.csv" or "manifest.json"))];
        Assert.Contains("as they were left", Verified(ExitCode.Done), StringComparison.Ordinal);
        foreach (string file in damaged)
        {
            byte[] bytes = whole[file], letter = [.. bytes];
            letter[bytes.Length * 2 / 3] ^= 1;
            File.WriteAllBytes(InFolder(file), damage == "empty" ? [] : damage == "half" ? bytes[..(bytes.Length / 2)] : letter);
        }

        string said = Verified(ExitCode.BadInput);
        Run();

        Assert.All(damaged, file => Assert.Contains(InFolder(file), said, StringComparison.Ordinal));
        Dictionary<string, byte[]> now = Files();
        Assert.Equal(whole.Keys.Order(), now.Keys.Order());
        Assert.All(
            whole.Keys.Where(file => file is not ("manifest.json" or "report.html")),
            file => Assert.True(whole[file].AsSpan().SequenceEqual(now[file]), file));
        Assert.Contains("as they were left", Verified(ExitCode.Done), StringComparison.Ordinal);
        Assert.Contains("Nothing to do", Run(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_damaged_is_not_drawn_from()
    {
        Finish();
        File.AppendAllText(InFolder("measures.csv"), "\n");
        Assert.Contains("--only measures makes it again", Refused("--only", "figures"), StringComparison.Ordinal);
        Run("--only", "measures");
        Run("--only", "figures");
        File.Delete(InFolder("answers.csv"));
        Assert.Contains("is not as it was left", Refused("--only", "measures"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("report")]
    [InlineData("explorer")]
    public void What_was_done_for_other_layers_is_not_drawn_from(string stage)
    {
        Finish("--layers", "0,2,5");

        Assert.Contains(
            "measures was cut off, or done from another spec, other options, answers or measures than these; --only measures makes it",
            Refused("--only", stage),
            StringComparison.Ordinal);
        Run("--only", "measures");
        Run("--only", "figures");
        Run("--only", stage);
    }

    [Fact]
    public void Figures_and_reports_of_a_spec_that_was_changed_want_its_measures()
    {
        string text = File.ReadAllText(AssetCatalog.Experiments.Find("colors").Path);
        _spec = Path.Combine(_folder, "mine.yaml");
        File.WriteAllText(_spec, text);
        Finish();
        File.WriteAllText(_spec, text.Replace("Object: {right: object}", "Some thing: {right: object}", StringComparison.Ordinal));

        Assert.Contains("--only measures makes it again", Refused("--only", "figures"), StringComparison.Ordinal);
        Assert.Contains("--only measures makes it again", Refused("--only", "report"), StringComparison.Ordinal);
        Run("--only", "measures");
        Assert.Contains("--only figures makes it again", Refused("--only", "report"), StringComparison.Ordinal);
        Run("--only", "figures");
        Run("--only", "report");
        Assert.Contains("Some thing", File.ReadAllText(InFolder("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_images_are_not_made_the_manifest_goes_on_saying_how_they_were()
    {
        Run("--only", "images", "--steps", "2", "--guidance", "3");
        ResultsFolder folder = new(_folder);
        RunManifest made = RunManifest.Read(folder)! with
        {
            Dtype = "bfloat16",
            Device = "cuda",
            Machine = new Machine("another system", "another processor", 977, "another set"),
            Versions = new Dictionary<string, string> { ["torchsharp"] = "0.0" },
        };
        made.Write(folder);

        Assert.Contains("bfloat16 on cuda, dpmsolver++, 2 steps, guidance 3", Run("--only", "answers"), StringComparison.Ordinal);
        Answer();
        foreach (string stage in new[] { "answers", "measures", "figures", "report", "explorer" })
        {
            Run("--only", stage);
        }

        RunManifest now = RunManifest.Read(folder)!;
        Assert.Equal(
            (made.Sampler, made.Dtype, made.Device, made.Machine, made.Command),
            (now.Sampler, now.Dtype, now.Device, now.Machine, now.Command));
        Assert.Equal("0.0", now.Versions["torchsharp"]);
        Assert.Contains("2 steps, guidance 3", File.ReadAllText(InFolder("report.html")), StringComparison.Ordinal);
        Assert.Contains("--steps 2 --guidance 3", File.ReadAllText(InFolder("explore/run.js")), StringComparison.Ordinal);

        Run();
        Assert.Equal(("float32", 1), (RunManifest.Read(folder)!.Dtype, RunManifest.Read(folder)!.Sampler.Steps));
    }

    [Fact]
    public void The_second_in_a_folder_is_told_who_works_in_it_and_changes_nothing()
    {
        Finish();
        Dictionary<string, byte[]> whole = Files();
        using (FolderClaim.Take(new ResultsFolder(_folder)))
        {
            Assert.Contains("is worked in by process", Refused(), StringComparison.Ordinal);
            Assert.Contains("is worked in by process", Refused("--force", "--only", "report"), StringComparison.Ordinal);
            Assert.Contains("is worked in by process", Verified(ExitCode.BadInput), StringComparison.Ordinal);
        }

        Assert.Equal(whole, Files());
    }

    [Fact]
    public async Task Of_three_that_start_at_once_none_undoes_what_another_did()
    {
        (int Code, string Output, string Error)[] ends = await Task.WhenAll(
            Enumerable.Range(1, 3).Select(seed => Task.Run(() => Execute(["--seeds", $"0,{seed}"]))));
        Assert.All(ends, end => Assert.Equal(end.Error.Length == 0 ? ExitCode.Done : ExitCode.BadInput, end.Code));
        Assert.Contains(ends, end => end.Code == ExitCode.Done);

        foreach (string seeds in new[] { "0,1", "0,2", "0,3" })
        {
            Run("--seeds", seeds);
        }

        Assert.Equal(3 * 2 * 4, Directory.GetFiles(InFolder("images"), "*.png", SearchOption.AllDirectories).Length);
        Assert.Contains("all 24 are there", Run("--seeds", "0,1,2,3"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_with_another_number_of_threads_says_so()
    {
        Finish();
        ResultsFolder folder = new(_folder);
        RunManifest manifest = RunManifest.Read(folder)!;
        Assert.Equal([TorchSharp.torch.get_num_threads()], manifest.Threads!);
        (manifest with { Threads = [977] }).Write(folder);
        Assert.DoesNotContain("threads", Run(), StringComparison.Ordinal);

        File.Delete(Directory.GetFiles(InFolder("images"), "*.png", SearchOption.AllDirectories)[0]);
        string output = Run();

        Assert.Contains("computed on 977 threads, these on", output, StringComparison.Ordinal);
        Assert.Equal([977, TorchSharp.torch.get_num_threads()], RunManifest.Read(folder)!.Threads!);
        Run("--force");
        Assert.Equal([TorchSharp.torch.get_num_threads()], RunManifest.Read(folder)!.Threads!);
    }

    [Fact]
    public void What_a_run_planned_is_known_from_its_folder_and_what_an_earlier_one_did_is_no_part_of_it()
    {
        ResultsFolder folder = new(_folder);
        Run("--seeds", "0,1");
        Answer[] questions = [.. AnswerTable.Read(folder.Questions)];
        Assert.All(questions, answer => Assert.True(LastPlanHas(answer)));

        Run();

        Answer ofSeed0 = questions.First(answer => answer.Seed == 0);
        Assert.True(LastPlanHas(ofSeed0));
        Assert.False(LastPlanHas(questions.First(answer => answer.Seed == 1)));
        Assert.False(LastPlanHas(ofSeed0 with { Prompt = "another prompt" }));

        bool LastPlanHas(Answer answer) => LastPlan.Of(folder)!(answer);
    }

    [Fact]
    public void A_dataset_has_the_images_that_the_last_run_planned_and_the_export_says_what_it_leaves_out()
    {
        Finish("--seeds", "0,1");
        Run();
        using StringWriter output = new();
        Terminal terminal = new(output, output, TextReader.Null, IsInteractive: false, CancellationToken.None);

        int code = CommandLine.Run(
            ["export", _spec, "--model", Model, "--out", _folder, "--huggingface", InFolder("dataset")], terminal);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("answers about images that the last run did not plan, left out", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(": 6 images; ", output.ToString(), StringComparison.Ordinal);
    }

    private void Finish(params string[] more)
    {
        Run(more);
        Answer();
        Run(more);
    }

    private void Answer()
    {
        string questions = InFolder("questions.csv");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => answer with { Yes = answer.Layer == 5 })]);
    }

    private string Verified(int expected)
    {
        using StringWriter output = new();
        Assert.Equal(
            expected,
            CommandLine.Run(
                ["verify", "--deep", _folder],
                new Terminal(output, output, TextReader.Null, IsInteractive: false, CancellationToken.None)));
        return output.ToString();
    }

    private string Refused(params string[] more)
    {
        (int code, _, string error) = Execute(more);
        Assert.Equal(ExitCode.BadInput, code);
        return error;
    }

    [Fact]
    public void A_dry_run_shows_the_plan_and_makes_nothing()
    {
        string output = Run("--dry-run");

        Assert.Contains("3 prompts x 2 layers x 1 seed = 6 images", output, StringComparison.Ordinal);
        Assert.Contains("To make: 6 images; 0 are there.", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private string Run(params string[] more)
    {
        (int code, string output, string error) = Execute(more);
        Assert.Equal("", error);
        Assert.Equal(ExitCode.Done, code);
        return output;
    }

    private (int Code, string Output, string Error) Execute(string[] more)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(
            [
                _spec, "--model", Model, .. Unless("--layers", "0,5"), "--limit", "1", .. Unless("--seeds", "0"), .. Unless("--steps", "1"),
                "--out", _folder, .. more,
            ],
            terminal);
        return (code, output.ToString(), error.ToString());

        string[] Unless(string option, string value) => more.Contains(option) ? [] : [option, value];
    }

    private string InFolder(string file) => Path.Combine(_folder, file);

    private Dictionary<string, byte[]> Files() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder, path), File.ReadAllBytes);
}
