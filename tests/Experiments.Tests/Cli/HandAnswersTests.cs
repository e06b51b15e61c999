using System.Security.Cryptography;
using Experiments.Answers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;

namespace Experiments.Tests.Cli;

/// <summary>What people typed outlives what happens to a model's folder and to the tables, from the command line on.</summary>
public sealed class HandAnswersTests : IDisposable
{
    private const int Answers = 6;
    private const string OldHash = "d26cc80840d824e1";
    private const string Weights = "unet/diffusion_pytorch_model.safetensors";

    private readonly string _root = Directory.CreateTempSubdirectory("hand-answers-").FullName;
    private readonly string _model;
    private readonly ResultsFolder _results;

    public HandAnswersTests()
    {
        _model = Copy("first/sd1");
        _results = new ResultsFolder(Path.Combine(_root, "results"));
        File.WriteAllText(Path.Combine(_root, "small.yaml"), """
            version: 1
            title: Small
            layers: [0, 5]
            seeds: 1
            sampler: {steps: 2}
            prompts:
              object: {template: "{a object}", sample: 3, right: has object}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: object}
            figures: {f: {title: T, rows: all, curves: {O: {yes: has object, of: object}}}}
            """);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_the_model_does_not_use_changes_no_answer()
    {
        AnswerAll();
        File.WriteAllText(Path.Combine(_model, "notes.txt"), "x");
        File.WriteAllText(Path.Combine(_model, "training_args.json"), "{}");
        File.WriteAllText(Path.Combine(_model, "stray.safetensors"), "broken");
        File.Copy(Path.Combine(_model, Weights), Path.ChangeExtension(Path.Combine(_model, Weights), ".fp16.safetensors"));
        using (FileStream checkpoint = File.Create(Path.Combine(_model, "whole.ckpt")))
        {
            checkpoint.SetLength(1L << 30);
        }

        byte[] before = File.ReadAllBytes(_results.Answers);
        string output = Run();

        Assert.Contains($"all {Answers} are there", output, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_results.Answers));
    }

    [Fact]
    public void Other_steps_set_answers_aside_and_the_old_ones_bring_them_back()
    {
        AnswerAll();
        byte[] before = File.ReadAllBytes(_results.Answers);

        string changed = Run("--steps", "3");
        int aside = AnswerTable.Read(_results.SupersededAnswers).Count;
        Run();

        Assert.Contains($"{Answers} answers that people gave are about images that have changed since", changed, StringComparison.Ordinal);
        Assert.Equal(Answers, aside);
        Assert.Equal(before, File.ReadAllBytes(_results.Answers));
        Assert.False(File.Exists(_results.SupersededAnswers));
    }

    [Fact]
    public void Another_model_of_the_same_name_is_refused_and_a_copy_is_not()
    {
        AnswerAll();
        string other = Copy("other/sd1"), copy = Copy("copy/sd1");
        byte[] weights = File.ReadAllBytes(Path.Combine(other, Weights));
        weights[^2] ^= 1;
        File.WriteAllBytes(Path.Combine(other, Weights), weights);

        (int code, _, string error) = Execute(other);
        (int codeOfCopy, string output, _) = Execute(copy);

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(_model, error, StringComparison.Ordinal);
        Assert.Contains(other, error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, codeOfCopy);
        Assert.Contains("Nothing to do", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spoiled_hash_is_refused_with_its_line_and_the_table_stays_as_it_was()
    {
        Run();
        Answer[] filledIn = [.. AnswerTable.Read(_results.Questions).Select(question => question with { Yes = true })];
        AnswerTable.Write(_results.Questions, filledIn);
        File.WriteAllText(_results.Questions, File.ReadAllText(_results.Questions).Replace(filledIn[2].ImageHash, "2.6E+15"));
        byte[] before = File.ReadAllBytes(_results.Questions);

        (int code, _, string error) = Execute(_model);
        byte[] after = File.ReadAllBytes(_results.Questions);
        File.WriteAllText(_results.Questions, File.ReadAllText(_results.Questions).Replace("2.6E+15", ""));

        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith($"dlens-repro: {_results.Questions}:4: '2.6E+15'", error, StringComparison.Ordinal);
        Assert.Equal(before, after);
        Assert.Contains($"all {Answers} are there", Run(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_the_first_version_with_semicolons_is_read_and_says_how_its_answers_count()
    {
        Run();
        IReadOnlyList<Answer> questions = AnswerTable.Read(_results.Questions);
        AnswerTable.Write(_results.Questions, questions.Select(question => question with { Yes = true, ImageHash = OldHash }));
        string text = File.ReadAllText(_results.Questions).Replace("image,image_", "picture,picture_");
        File.WriteAllText(_results.Questions, text.Replace(',', ';'));

        string first = Run("--only", "answers");
        File.WriteAllText(_results.SupersededAnswers, File.ReadAllText(_results.SupersededAnswers).Replace(OldHash, ""));
        string second = Run("--only", "answers");

        Assert.Contains($"{_results.Questions}:2: '{OldHash}'", first, StringComparison.Ordinal);
        Assert.Contains($"{Answers} are missing", first, StringComparison.Ordinal);
        Assert.Contains($"{Answers} answers came back", second, StringComparison.Ordinal);
        Assert.Contains($"all {Answers} are there", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("answers")]
    [InlineData("images")]
    public void Answers_to_files_of_the_first_version_become_answers_to_their_pixels(string firstStage)
    {
        AnswerAll();
        byte[] before = File.ReadAllBytes(_results.Answers);
        IReadOnlyList<Answer> answers = AnswerTable.Read(_results.Answers);
        AnswerTable.Write(_results.Answers, answers.Select(answer => answer with { Site = "", ImageHash = FileHashOf(answer) }));
        File.WriteAllText(_results.Answers, File.ReadAllText(_results.Answers).Replace("image,image_", "picture,picture_"));

        Run("--only", firstStage);
        Run();

        Assert.Equal(before, File.ReadAllBytes(_results.Answers));
        Assert.False(File.Exists(_results.SupersededAnswers));
    }

    private string FileHashOf(Answer answer) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_results.In(answer.Image))))[..16];

    private void AnswerAll()
    {
        Run();
        AnswerTable.Write(_results.Questions, AnswerTable.Read(_results.Questions).Select(question => question with { Yes = true }));
        Run();
    }

    private string Run(params string[] more)
    {
        (int code, string output, string error) = Execute(_model, more);
        Assert.Equal((ExitCode.Done, ""), (code, error));
        return output;
    }

    private (int Code, string Output, string Error) Execute(string model, params string[] more)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(
            ["run", Path.Combine(_root, "small.yaml"), "--model", model, "--out", _results.Path, .. more],
            new Terminal(output, error, new StringReader(""), IsInteractive: false, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }

    private string Copy(string name)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "reference", "sd1");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(_root, name, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));
        }

        return Path.Combine(_root, name);
    }
}
