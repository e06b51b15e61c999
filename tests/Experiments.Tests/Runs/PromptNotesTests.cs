using Experiments.Answers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;

namespace Experiments.Tests.Runs;

/// <summary>Prompts that are cut off, and those that ftfy mends, in an experiment.</summary>
public sealed class PromptNotesTests : IDisposable
{
    private static readonly string Model = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");

    private readonly string _root = Directory.CreateTempSubdirectory("notes-").FullName;
    private readonly ResultsFolder _results;

    public PromptNotesTests()
    {
        _results = new ResultsFolder(Path.Combine(_root, "results"));
        string filler = string.Concat(Enumerable.Repeat("red ", 76));
        File.WriteAllText(Path.Combine(_root, "prompts.csv"), $"prompt,object\na cat,cat\na cat’s box,cat\n{filler}and a dog,dog\n");
        File.WriteAllText(Path.Combine(_root, "small.yaml"), """
            version: 1
            title: Small
            layers: [0, 5]
            seeds: 1
            sampler: {steps: 1}
            prompts:
              object: {csv: prompts.csv, columns: {object: object}, right: has object}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: object}
            figures: {f: {title: T, rows: all, curves: {O: {yes: has object, of: object}}}}
            """);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Each_is_named_in_a_line_and_the_tables_say_what_was_cut_off()
    {
        string output = Run();

        Assert.Contains("prompt 1    \"a cat’s box\": CLIPTokenizer of transformers 4", output, StringComparison.Ordinal);
        Assert.Contains("is cut off from \"red and a dog\" on", output, StringComparison.Ordinal);
        Assert.Equal(
            ["", "", "", "", "red and a dog", "red and a dog"],
            AnswerTable.Read(_results.Questions).OrderBy(answer => answer.PromptNumber).Select(answer => answer.CutOff));
        Assert.Null(RunManifest.Read(_results)!.CleanText);
    }

    [Fact]
    public void A_prompt_that_its_condition_reads_only_the_beginning_of_is_named_too()
    {
        string spec = Path.Combine(_root, "small.yaml");
        File.WriteAllText(
            spec,
            File.ReadAllText(spec).Replace("right: has object}", "right: has object, text: {length: 3}}", StringComparison.Ordinal));

        Assert.Contains("prompt 0    \"a cat\" is cut off from \"cat\" on: 1 of its ", Run(), StringComparison.Ordinal);
        Assert.All(
            AnswerTable.Read(_results.Questions).Where(answer => answer.PromptNumber == 0), answer => Assert.Equal("cat", answer.CutOff));
    }

    [Fact]
    public void Cleaning_makes_only_those_images_anew_whose_tokens_it_changes()
    {
        Run();
        Assert.Contains("0 made, 2 made again, 4 were there", Run("--clean-text", "ftfy"), StringComparison.Ordinal);
        Assert.Equal("ftfy", RunManifest.Read(_results)!.CleanText);
        Assert.Contains("all 6 are there", Run("--clean-text", "ftfy"), StringComparison.Ordinal);
        Assert.Contains("0 made, 2 made again, 4 were there", Run("--clean-text", "none"), StringComparison.Ordinal);
    }

    [Fact]
    public void Cleaning_makes_images_anew_that_show_a_source_whose_tokens_it_changes()
    {
        string spec = Path.Combine(_root, "small.yaml");
        File.WriteAllText(
            spec,
            File.ReadAllText(spec)
                .Replace(
                    "right: has object}",
                    "right: has object}\n  shown: {same as: object, site: {source: \"it’s red\"}}",
                    StringComparison.Ordinal)
                .Replace("sees: {thing: object}, of: object}", "sees: {thing: object}, of: [object, shown]}", StringComparison.Ordinal));
        Run();

        Assert.Contains("0 made, 8 made again, 4 were there", Run("--clean-text", "ftfy"), StringComparison.Ordinal);
        Assert.Contains("all 12 are there", Run("--clean-text", "ftfy"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_a_version_without_that_column_is_read_and_stays_as_it_is()
    {
        Run();
        AnswerTable.Write(_results.Questions, [.. AnswerTable.Read(_results.Questions).Select(answer => answer with { Yes = true })]);
        Run();
        string[] lines = File.ReadAllLines(_results.Answers);
        Assert.EndsWith(",cut_off,answered", lines[0], StringComparison.Ordinal);
        string[] older = [.. lines.Select(line => string.Join(',', line.Split(',')[..^2]))];
        File.WriteAllLines(_results.Answers, older);

        Assert.Contains("all 6 are there", Run("--only", "answers"), StringComparison.Ordinal);
        Assert.Equal(6, AnswerTable.Read(_results.Answers).Count);
    }

    private string Run(params string[] more)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(
            ["run", Path.Combine(_root, "small.yaml"), "--model", Model, "--out", _results.Path, "--annotators", "people", .. more],
            terminal);
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, code);
        return output.ToString();
    }
}
