using System.Text.Json;
using Experiments.Answers;
using Experiments.Cli;
using Experiments.Clusters;
using Experiments.Console;
using Experiments.Results;

namespace Experiments.Tests.Runs;

/// <summary>Shards of a run on a model of a few kilobytes, in one folder or joined from several.</summary>
public sealed class ShardRunTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _root = Directory.CreateTempSubdirectory("shards-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Shards_in_one_folder_or_joined_make_the_bytes_that_one_process_makes()
    {
        Run("whole", "--only", "images");
        foreach (string shard in new[] { "1/2", "2/2" })
        {
            Run("one", "--shard", shard);
            Run($"own-{shard[0]}", "--shard", shard);
        }

        Merge("joined", "own-1", "own-2");
        Run("one");
        Run("joined");

        Assert.Equal(6, Images("whole").Count);
        Assert.Equal(Images("whole"), Images("one"));
        Assert.Equal(Images("whole"), Images("joined"));
        Assert.Equal(File.ReadAllBytes(In("one/questions.csv")), File.ReadAllBytes(In("joined/questions.csv")));
        Assert.False(File.Exists(In("own-1/manifest.json")));
        Assert.Equal(["0001-of-0002.json", "0002-of-0002.json"], Directory.GetFiles(In("joined/shards")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_record_says_what_made_a_shard_and_a_second_run_leaves_it_as_it_is()
    {
        Run("a", "--shard", "1/2");
        byte[] before = File.ReadAllBytes(Record("a", 1));

        Assert.Contains("are there", Run("a", "--shard", "1/2"), StringComparison.Ordinal);

        Assert.Equal(before, File.ReadAllBytes(Record("a", 1)));
        ShardRecord record = ShardRecord.Read(Record("a", 1))!;
        ImagesMadeBy made = Assert.Single(record.MadeBy);
        Assert.Equal(("1/2", true, record.Run.Images, "cpu"), (record.Shard, record.Done, made.Images, made.Maker.Device));
        Assert.Equal(TorchSharp.torch.get_num_threads(), made.Maker.Threads);
    }

    [Fact]
    public void A_shard_of_more_shards_than_prompts_is_empty_and_done()
    {
        string output = string.Concat(Enumerable.Range(1, 5).Select(number => Run("a", "--shard", $"{number}/5")));

        Assert.Contains("0 prompts", output, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(1, 5), number => Assert.True(ShardRecord.Read(In($"a/shards/000{number}-of-0005.json"))!.Done));
        Assert.Equal(6, Images("a").Count);
    }

    [Fact]
    public void Images_of_other_settings_are_not_made_beside_others()
    {
        Run("a", "--shard", "1/2");

        Assert.Contains("dtype float32 and float64, which", Refused("a", "--shard", "2/2", "--dtype", "float64"), StringComparison.Ordinal);
        Assert.Contains("sampler dpmsolver++, 1 step", Refused("a", "--shard", "2/2", "--guidance", "3"), StringComparison.Ordinal);
        Assert.False(File.Exists(Record("a", 2)));
    }

    [Fact]
    public void Images_of_another_kind_of_machine_are_made_beside_others_only_where_that_is_asked_for()
    {
        Run("a", "--shard", "1/2");
        Elsewhere("a", 1);

        Assert.Contains("images by another processor", Refused("a", "--shard", "2/2"), StringComparison.Ordinal);
        Assert.False(File.Exists(Record("a", 2)));
        Run("a", "--shard", "2/2", "--mixed");
        Assert.True(File.Exists(Record("a", 2)));
    }

    [Theory]
    [InlineData("--shard 1/2: makes images alone", "--shard", "1/2", "--only", "answers")]
    [InlineData("--mixed: allows a shard", "--mixed")]
    [InlineData("--shard 3/2: give i/n", "--shard", "3/2")]
    public void What_a_shard_cannot_do_is_said(string expected, params string[] words)
    {
        Assert.Contains(expected, Refused("a", words), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("a")));
    }

    [Fact]
    public void Folders_of_two_kinds_of_machines_are_joined_only_with_a_tolerance_and_those_images_compared_that_both_have()
    {
        Run("a", "--shard", "1/1");
        Run("b", "--shard", "1/1");
        Elsewhere("b", 1, of: 1);

        Assert.Contains("images by", RefusedMerge("c", "a", "b"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("c")));
        Assert.Contains("6 met again, 0 of them with other pixels", Merge("c", "a", "b", "--tolerance", "0"), StringComparison.Ordinal);
        Assert.Equal(Images("a"), Images("c"));
        Assert.Equal(2, ShardRecord.Read(In("c/shards/0001-of-0001.json"))!.MadeBy.Count);
    }

    [Fact]
    public void Images_of_one_name_that_are_not_the_same_are_named()
    {
        Run("a", "--shard", "1/1");
        Run("b", "--shard", "1/1", "--steps", "2");
        File.Copy(In("a/shards/0001-of-0001.json"), In("b/shards/0001-of-0001.json"), overwrite: true);
        string image = Images("a").Keys.Order(StringComparer.Ordinal).First();

        string refusal = RefusedMerge("c", "a", "b");

        Assert.Contains($"{In("a")}/{image} and {In("b")}/{image}: were made from other weights", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_image_is_named_and_nothing_is_joined()
    {
        Run("a", "--shard", "1/1");
        string image = Path.Combine(In("a"), Images("a").Keys.First());
        File.WriteAllBytes(image, File.ReadAllBytes(image)[..^20]);

        Assert.Contains(image, RefusedMerge("c", "a"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("c/images")));
    }

    [Fact]
    public void What_people_answered_in_several_folders_is_joined_and_contradictions_are_named_by_line()
    {
        foreach (string folder in new[] { "a", "b" })
        {
            Run(folder);
        }

        Fill("a", "anna", answer => answer.Layer == 0 ? true : null);
        Fill("b", "ben", answer => answer.Layer == 5 ? false : null);
        Run("a");
        Merge("c", "a", "b");
        string after = Run("c");

        Assert.Contains("answers", after, StringComparison.Ordinal);
        IReadOnlyList<Answer> joined = AnswerTable.Read(In("c/answers.csv"));
        int all = AnswerTable.Read(In("b/questions.csv")).Count;
        Assert.Equal(all, joined.Count);
        Assert.All(
            joined, answer => Assert.Equal(answer.Layer == 0 ? ("anna", true) : ("ben", false), (answer.Annotator, answer.Yes!.Value)));

        Fill("b", "anna", _ => false);
        Assert.Matches(@"b/questions\.csv:\d+: 'anna' says no here and yes in .*a/answers\.csv:\d+", RefusedMerge("c2", "a", "b"));
        Assert.Contains("answers of people that are in no table yet", JournalRefusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_are_not_as_they_were_left_are_not_joined()
    {
        Run("a");
        Fill("a", "anna", _ => true);
        Run("a");
        File.AppendAllText(In("a/answers.csv"), " ");

        Assert.Contains($"{In("a/answers.csv")}: is not as it was left", RefusedMerge("c", "a"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(In("c/images")));
    }

    [Fact]
    public void Joining_again_changes_nothing()
    {
        Run("a", "--shard", "1/2");
        Run("b", "--shard", "2/2");
        Assert.Contains("missing     1 shard: 2/2", Merge("c", "a"), StringComparison.Ordinal);
        Merge("c", "a", "b");
        Dictionary<string, byte[]> before = Files("c");

        Merge("c", "b", "a");

        Assert.Equal(before, Files("c"));
    }

    [Fact]
    public void A_plan_counts_what_shards_make()
    {
        Run("a", "--shard", "1/2");

        using JsonDocument plan = JsonDocument.Parse(Command(["plan", .. Colors("a"), "--shards", "2", "--json"]).Output);
        JsonElement run = plan.RootElement.GetProperty("runs")[0];
        JsonElement[] shards = [.. run.GetProperty("shards").EnumerateArray()];

        Assert.Equal(6, shards.Sum(shard => shard.GetProperty("images").GetInt32()));
        Assert.Equal(0, shards[0].GetProperty("to_make").GetInt32());
        Assert.Equal(run.GetProperty("to_make").GetInt32(), shards[1].GetProperty("images").GetInt32());
        Assert.True(run.GetProperty("bytes").GetInt64() > 0);
        Assert.EndsWith("0002-of-0002.json", shards[1].GetProperty("record").GetString(), StringComparison.Ordinal);
        JsonElement second = plan.RootElement.GetProperty("shards")[1].GetProperty("arguments");
        string[] arguments = [.. second.EnumerateArray().Select(word => word.GetString()!)];
        Assert.Equal(["run", "colors"], arguments[..2]);
        Assert.Equal(["--shard", "2/2"], arguments[^2..]);
        Command(arguments);
        Assert.Equal(6, Images("a").Count);
    }

    [Fact]
    public void A_plans_lines_of_shell_start_the_program_that_printed_them()
    {
        string[] lines = Command(["plan", .. Colors("a"), "--shards", "2", "--commands"]).Output.TrimEnd().Split(Environment.NewLine);

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith($"{ShellWords.Quote(Environment.ProcessPath!)} ", line, StringComparison.Ordinal));
        Assert.EndsWith(" --shard 2/2", lines[1], StringComparison.Ordinal);
    }

    private string JournalRefusal()
    {
        File.WriteAllText(In("a/answers.journal.jsonl"), "{}\n");
        return RefusedMerge("c3", "a");
    }

    private void Fill(string folder, string annotator, Func<Answer, bool?> yes)
    {
        string questions = In($"{folder}/questions.csv");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => yes(answer) is { } said
            ? answer with { Yes = said, Annotator = annotator } : answer)]);
    }

    // As if another kind of machine had made it.
    private void Elsewhere(string folder, int number, int of = 2)
    {
        string path = In($"{folder}/shards/000{number}-of-000{of}.json");
        ShardRecord record = ShardRecord.Read(path)!;
        ImagesMadeBy made = record.MadeBy[0];
        (record with { MadeBy = [made with { Maker = made.Maker with { Processor = "another processor" } }] }).Write(path);
    }

    private string Record(string folder, int number) => In($"{folder}/shards/000{number}-of-0002.json");

    private string In(string file) => Path.Combine(_root, file);

    private Dictionary<string, byte[]> Images(string folder) => Files(folder)
        .Where(file => file.Key.StartsWith("images", StringComparison.Ordinal))
        .ToDictionary();

    private Dictionary<string, byte[]> Files(string folder) => Directory.GetFiles(In(folder), "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(In(folder), path), File.ReadAllBytes);

    private string[] Colors(string folder) => Colors(folder, ["--steps", "1"]);

    private string[] Colors(string folder, string[] steps) =>
        ["colors", "--model", Model, "--layers", "0,5", "--limit", "1", "--seeds", "0", "--out", In(folder), .. steps];

    private string Run(string folder, params string[] more)
    {
        return Command([.. Colors(folder, more.Contains("--steps") ? [] : ["--steps", "1"]), .. more]).Output;
    }

    private string Refused(string folder, params string[] more) => Command([.. Colors(folder), .. more], ExitCode.BadInput).Error;

    private string Merge(string target, params string[] folders) =>
        Command(["merge", .. folders.Select(Named), "--out", In(target)]).Output;

    private string RefusedMerge(string target, params string[] folders) =>
        Command(["merge", .. folders.Select(Named), "--out", In(target)], ExitCode.BadInput).Error;

    private string Named(string word) => word.StartsWith('-') || char.IsDigit(word[0]) ? word : In(word);

    private static (string Output, string Error) Command(string[] words, int expected = ExitCode.Done)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(words, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        Assert.Equal((expected, ""), (code, expected == ExitCode.Done ? error.ToString() : ""));
        return (output.ToString(), error.ToString());
    }
}
