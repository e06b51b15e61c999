using System.Text.RegularExpressions;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Models;
using Experiments.Specs;

namespace Experiments.Tests.Cli;

/// <summary>Which sampler <c>lens</c> takes, on copies of a small model that name another one than it was saved with.</summary>
public sealed class SamplerCommandTests : IDisposable
{
    private const string Noise =
        "\"beta_start\": 0.00085, \"beta_end\": 0.012, \"beta_schedule\": \"scaled_linear\", \"steps_offset\": 1";

    private readonly string _folder = Directory.CreateTempSubdirectory("sampler-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("DEISMultistepScheduler", "\"algorithm_type\": \"deis\", \"solver_type\": \"logrho\"", "deis")]
    [InlineData("UniPCMultistepScheduler", "\"solver_type\": \"bh2\", \"disable_corrector\": [], \"solver_p\": null", "unipc")]
    [InlineData("EulerDiscreteScheduler", "\"timestep_spacing\": \"trailing\"", "euler")]
    [InlineData("LCMScheduler", "\"original_inference_steps\": 50", "lcm")]
    public void The_class_that_a_folder_names_is_taken_where_nobody_says(string className, string keys, string name)
    {
        (int code, string output, string error) = Run(ModelWith(className, keys), "--guidance", "0");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains($"sampler: {name}, 2 steps, guidance 0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_taken_for_a_Turbo_is_said_to_be_until_it_is_sampled_otherwise()
    {
        const string Doubt = "taken for a Turbo, since its scheduler's timestep_spacing is trailing; if it is none, say so with "
            + "--scheduler, --steps and --guidance";
        string model = ModelWith("EulerDiscreteScheduler", "\"timestep_spacing\": \"trailing\"");
        Assert.Contains($"sampler: euler, 1 step, guidance 0 ({Doubt})\n", Run(model, "--steps", "1").Output, StringComparison.Ordinal);
        ModelInfo info = ModelInfo.Read(model);
        SamplerSpec spec = new("dpmsolver++", 20, 7.5);
        Assert.Equal(
            $"the model's own sampler; {Doubt}; the experiment's dpmsolver++, 20 steps, guidance 7.5 would not serve it",
            Note(new SamplerRequest(null, null, null)));
        Assert.Equal("the model's own is euler, 1 step", Note(new SamplerRequest("dpmsolver++", 20, 7.5)));

        string? Note(SamplerRequest request) => info.SamplerNote(spec, request.Over(spec, info));
    }

    [Fact]
    public void A_named_sampler_takes_the_keys_that_are_set_beside_the_file()
    {
        (int code, string output, _) = Run(
            ModelWith("DEISMultistepScheduler", "\"solver_type\": \"logrho\""),
            "--scheduler",
            "dpmsolver++",
            "--scheduler-config",
            "use_karras_sigmas=true");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("sampler: dpmsolver++ (use_karras_sigmas=true), 2 steps, guidance 7.5\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EDMEulerScheduler", "\"sigma_data\": 0.5", "its class is EDMEulerScheduler, which is not supported; name another")]
    [InlineData("DDPMScheduler", "\"variance_type\": \"learned_range\"", "the model predicts no variance")]
    public void A_folder_whose_sampler_cannot_be_had_is_refused_in_one_line(string className, string keys, string expected)
    {
        (int code, _, string error) = Run(ModelWith(className, keys));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(expected, Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "strip.png")));
    }

    private string ModelWith(string className, string keys)
    {
        string original = Path.Combine(AppContext.BaseDirectory, "reference", "sd1"), copy = Path.Combine(_folder, "model");
        foreach (string file in Directory.GetFiles(original, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(copy, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        string index = Path.Combine(copy, "model_index.json");
        File.WriteAllText(index, Regex.Replace(File.ReadAllText(index), "\"[A-Za-z0-9]+Scheduler\"", $"\"{className}\""));
        File.WriteAllText(
            Path.Combine(copy, "scheduler", "scheduler_config.json"), $"{{\"_class_name\": \"{className}\", {Noise}, {keys}}}");
        return copy;
    }

    private (int Code, string Output, string Error) Run(string model, params string[] options)
    {
        using StringWriter output = new(), error = new();
        string[] steps = options.Contains("--steps") ? [] : ["--steps", "2"];
        int code = CommandLine.Run(
            ["lens", "a car", "--model", model, .. steps, "--layers", "5", "--out", Path.Combine(_folder, "strip.png"), .. options],
            new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
