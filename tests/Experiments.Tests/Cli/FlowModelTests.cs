using System.Text.Json;
using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>Rectified flows on the command line: a small SD 3 and a small FLUX.1, which was distilled.</summary>
public sealed class FlowModelTests : IDisposable
{
    private const string Prompt = "a red circle and a blue square";

    private readonly string _folder = Directory.CreateTempSubdirectory("flows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sd3", "all.layer2", 2, "--steps", "5")]
    [InlineData("sd3", "encoder3.layer1.other_empty", 1, "--steps", "5", "--encoder", "3", "--other-encoders", "empty")]
    [InlineData("flux", "encoder2.layer1.pooled_empty", 1, "--pooled", "empty")]
    [InlineData("flux", "encoder1.layer2.pooled_lens", 2, "--encoder", "1", "--pooled", "lens")]
    public void A_dump_is_what_diffusers_makes_of_the_same_site(string model, string name, int layer, params string[] options)
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.Combine(_folder, "dump.safetensors");
        Assert.Equal("", Run(
        [
            "lens", Prompt, "--model", Folder(model), "--layers", $"{layer}", "--height", "32", "--width", "32",
            "--max-sequence-length", "48", "--dtype", "float64", "--dump", file, "--out", Path.Combine(_folder, "sheet.png"), .. options,
        ]).Error);
        using SafetensorsFile dump = SafetensorsFile.Open(file);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(Folder(model), "expected_double", "lens.safetensors"));
        Close(dump.Read($"image.layer{layer}.seed0").unsqueeze(0), expected.Read($"{name}.image"));
        Close(dump.Read($"pooled.{layer}"), expected.Read($"{name}.pooled_prompt_embeds"));
        if (expected.Entries.ContainsKey($"{name}.prompt_embeds"))
        {
            Close(dump.Read($"lens.{layer}"), expected.Read($"{name}.prompt_embeds"));
        }
    }

    [Theory]
    [InlineData("flux", "guidance is 5; this model was distilled to do without", "--guidance", "5")]
    [InlineData("flux", "scheduler is 'ddim', which cannot serve FLUX.1; it must be one of flow_match_euler", "--scheduler", "ddim")]
    [InlineData("flux", "--negative: flux has no negative prompt", "--negative", "a dog")]
    [InlineData("flux", "max sequence length is 513; this model takes 1 to 512", "--max-sequence-length", "513")]
    [InlineData("sd3", "scheduler is 'dpmsolver++', which cannot serve Stable Diffusion 3", "--scheduler", "dpmsolver++")]
    public void What_the_model_cannot_honor_is_one_line(string model, string error, params string[] options)
        => Assert.StartsWith(
            $"dlens-repro: {error}", Run(["lens", Prompt, "--model", Folder(model), .. options]).Error, StringComparison.Ordinal);

    [Fact]
    public void A_model_of_noise_is_not_sampled_as_a_flow()
        => Assert.StartsWith(
            "dlens-repro: scheduler is 'flow_match_euler', which cannot serve Stable Diffusion",
            Run(["run", "colors.yaml", "--limit", "1", "--dry-run", "--scheduler", "flow_match_euler"]).Error,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("sd3", "flow_match_euler, 28 steps, guidance 7 (the model's own sampler; the experiment's dpmsolver++, 20 steps would")]
    [InlineData("flux", "flow_match_euler, 4 steps, guidance 0 (the model's own sampler; the experiment's dpmsolver++, 20 steps would")]
    [InlineData(
        "sd3",
        "flow_match_heun, 9 steps, guidance 3 (the model's own is flow_match_euler, 28 steps; the experiment's dpmsolver++",
        "--scheduler", "flow_match_heun", "--steps", "9", "--guidance", "3")]
    public void The_plan_says_whose_sampler_it_is_and_options_come_first(string model, string said, params string[] options)
        => Assert.Contains(
            said,
            Run(["run", "colors.yaml", "--model", Folder(model), "--limit", "1", "--dry-run", .. options]).Output,
            StringComparison.Ordinal);

    [Fact]
    public void A_flow_whose_class_is_not_supported_is_sampled_by_one_that_is_named()
    {
        string model = LinkedFlux("model_index.json"), index = Path.Combine(model, "model_index.json");
        File.WriteAllText(
            index,
            File.ReadAllText(Path.Combine(Folder("flux"), "model_index.json"))
                .Replace("FlowMatchEulerDiscreteScheduler", "FlowMatchLCMScheduler", StringComparison.Ordinal));
        string[] plan = ["run", "colors.yaml", "--model", model, "--limit", "1", "--dry-run"];
        Assert.Equal(
            "dlens-repro: scheduler is 'FlowMatchLCMScheduler', which cannot serve FLUX.1; it must be one of flow_match_euler",
            Run(plan).Error.TrimEnd());
        Assert.Contains(
            "flow_match_euler, 4 steps, guidance 0 (the model's own is FlowMatchLCMScheduler, 4 steps; the experiment's dpmsolver++",
            Run([.. plan, "--scheduler", "flow_match_euler"]).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "FlowMatchLCMScheduler: the model's own, which is not supported", Run(["inspect", model]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_keeps_in_its_manifest_whose_sampler_it_was()
    {
        string[] quick = ["--limit", "1", "--layers", "3", "--seeds", "0", "--steps", "1"];
        Assert.Equal("", Run(["run", "colors.yaml", "--model", Folder("sd3"), "--out", _folder, .. quick]).Error);
        JsonElement manifest = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(_folder, "manifest.json")));
        Assert.Equal("flow_match_euler", manifest.GetProperty("sampler").GetProperty("scheduler").GetString());
        string? note = manifest.GetProperty("sampler_note").GetString();
        Assert.StartsWith("the model's own is flow_match_euler, 28 steps", note, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_models_notes_say_of_pooled_vectors_holds_where_nothing_else_says_it()
    {
        string noted = LinkedFlux(), spec = Path.Combine(_folder, "both.yaml");
        File.WriteAllText(Path.Combine(noted, "dlens.json"), """{"height": 32, "width": 32, "maxSequenceLength": 48, "pooled": "empty"}""");
        string[] lens = ["lens", Prompt, "--layers", "1", "--steps", "1", "--images", _folder, "--out", Path.Combine(_folder, "sheet.png")];
        Assert.Contains("layer-01_pooled-empty_seed-0.png", Run([.. lens, "--model", noted]).Output, StringComparison.Ordinal);
        Assert.Contains("layer-01_seed-0.png", Run([.. lens, "--model", noted, "--pooled", "native"]).Output, StringComparison.Ordinal);

        File.WriteAllText(spec, """
            version: 1
            title: Pooled vectors
            layers: all
            seeds: 1
            prompts:
              open: {template: "{a object}", sample: 1, right: thing}
              native: {template: "{a object}", sample: 1, right: thing, site: {pooled: native}}
              below: {template: "{a object}", sample: 1, right: thing, site: {pooled: empty-below}}
            questions:
              thing: {ask: "Is there {a object}?", sees: {thing: object}, of: [open, native, below]}
            figures: {one: {title: One, rows: all, curves: {One: {yes: thing, of: open}}}}
            """);
        string results = Path.Combine(_folder, "results");
        Assert.Equal("", Run(["run", spec, "--model", noted, "--out", results, "--only", "images", "--layers", "1", "--steps", "1"]).Error);
        Assert.Equal(
            ["below/layer-01_pooled-empty-below_seed-0.png", "native/layer-01_seed-0.png", "open/layer-01_pooled-empty_seed-0.png"],
            Directory.EnumerateFiles(Path.Combine(results, "images"), "*.png", SearchOption.AllDirectories)
                .Select(file => $"{Directory.GetParent(file)!.Parent!.Name}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal));
        JsonElement manifest = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(results, "manifest.json")));
        Assert.Equal("pooled-empty", manifest.GetProperty("site").GetString());
    }

    /// <summary>The small FLUX.1 in a folder of its own, but for one file.</summary>
    private string LinkedFlux(string? without = null)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "flux")).FullName;
        foreach (string part in Directory.EnumerateFileSystemEntries(Folder("flux")).Where(part => Path.GetFileName(part) != without))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(part)), part);
        }

        return folder;
    }

    private static string Folder(string model) => Path.Combine(AppContext.BaseDirectory, "reference", model);

    private static void Close(Tensor actual, Tensor expected)
        => Assert.InRange(actual.sub(expected).abs().max().item<double>() / expected.abs().max().item<double>(), 0, 1e-9);

    private static (string Output, string Error) Run(string[] arguments)
    {
        using StringWriter output = new(), error = new();
        CommandLine.Run(arguments, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (output.ToString(), error.ToString().Trim());
    }
}
