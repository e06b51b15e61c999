using DiffusionLens;
using Experiments.Answers;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Models;

namespace Experiments.Tests.Runs;

/// <summary>One experiment on a Stable Diffusion and on a DeepFloyd IF of two folders, for which a person answers.</summary>
public sealed class ModelsRunTests : IDisposable
{
    private static readonly string References = Path.Combine(AppContext.BaseDirectory, "reference");
    private static readonly string Diffusion = Path.Combine(References, "sd1"),
        First = Path.Combine(References, "if", "stage_I"),
        Second = Path.Combine(References, "if", "stage_II");

    private readonly string _folder = Directory.CreateTempSubdirectory("models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Several_models_have_a_report_each_and_one_that_shows_them_side_by_side()
    {
        string first = Run();
        Assert.Contains("of all models: not before sd1 has its answers", first, StringComparison.Ordinal);
        Assert.False(File.Exists(InFolder("report.html")));
        Answer("sd1");
        Assert.Contains("of all models: not before stage_I+stage_II has its answers", Run(), StringComparison.Ordinal);
        Answer("stage_I+stage_II");

        string last = Run();

        Assert.EndsWith(InFolder("report.html"), last.TrimEnd(), StringComparison.Ordinal);
        string html = File.ReadAllText(InFolder("report.html"));
        Assert.Contains("id=\"fig-3-sd1\"", html, StringComparison.Ordinal);
        Assert.Contains("id=\"fig-3-stage_I&#x2B;stage_II\"", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("fig-3-stage_I", StringComparison.Ordinal) < html.IndexOf("fig-5-sd1", StringComparison.Ordinal));
        Assert.All(["sd1", "stage_I+stage_II"], model => Assert.True(File.Exists(InFolder($"{model}/report.html"))));
        Assert.Contains("<a href=\"sd1/explore.html\">Explore the images of sd1</a>", html, StringComparison.Ordinal);
        Assert.Contains("--model stage_I,stage_II", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_fewer_prompts_is_no_report_of_more()
    {
        Run();
        Answer("sd1");
        Answer("stage_I+stage_II");
        Run();

        Assert.Contains("of all models: not before sd1 has its answers", Run(prompts: 2), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_a_stage_II_belongs_to_the_model_before_it()
    {
        Assert.Equal(["sd1", "stage_I+stage_II"], ModelReference.FindAll($"{Diffusion}, {First},{Second}").Select(model => model.Name));
        Assert.Equal(["stage_I+stage_II", "sd1"], ModelReference.FindAll($"{First},{Second},{Diffusion}").Select(model => model.Name));
        Assert.Equal(["stage_I"], ModelReference.FindAll(First).Select(model => model.Name));
    }

    [Fact]
    public void A_model_given_twice_is_refused()
    {
        string message = Assert.Throws<BadInputException>(() => ModelReference.FindAll($"{Diffusion},{Diffusion}")).Message;

        Assert.EndsWith("give each model once", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_be_run_is_found_before_the_first_is()
    {
        string unknown = Directory.CreateDirectory(InFolder("unknown")).FullName, results = InFolder("results");
        File.WriteAllText(Path.Combine(unknown, "model_index.json"), """{"_class_name": "KandinskyPipeline"}""");
        using StringWriter output = new(), error = new();

        int code = CommandLine.Run(
            ["colors", "--model", $"{Diffusion},{unknown}", "--layers", "0,5", "--limit", "1", "--out", results],
            new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));

        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("KandinskyPipeline", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", output.ToString());
        Assert.False(Directory.Exists(results));
    }

    private string Run(int prompts = 1)
    {
        using StringWriter output = new(), error = new();
        Terminal terminal = new(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None);
        int code = CommandLine.Run(
            [
                "colors",
                "--model",
                $"{Diffusion},{First},{Second}",
                "--layers",
                "0,5",
                "--limit",
                $"{prompts}",
                "--seeds",
                "0",
                "--steps",
                "1",
                "--out",
                _folder,
            ],
            terminal);
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, code);
        return output.ToString();
    }

    private void Answer(string model)
    {
        string questions = InFolder($"{model}/{"questions.csv"}");
        AnswerTable.Write(questions, [.. AnswerTable.Read(questions).Select(answer => answer with { Yes = answer.Layer == 5 })]);
    }

    private string InFolder(string file) => Path.Combine(_folder, file);
}
