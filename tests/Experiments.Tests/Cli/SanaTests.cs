using System.Text.Json;
using DiffusionLens.Weights;
using Experiments.Cli;
using Experiments.Console;
using Experiments.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Tests.Cli;

/// <summary>A small SANA on the command line: the instruction that its pipeline brings along, and soft-capping.</summary>
public sealed class SanaTests : IDisposable
{
    private const string Prompt = "a red circle and a blue square";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "reference", "sana");

    private readonly string _root = Directory.CreateTempSubdirectory("sana-").FullName;
    private readonly string _own, _another;

    public SanaTests()
    {
        (_own, _another) = (Path.Combine(_root, "own.txt"), Path.Combine(_root, "another.txt"));
        JsonElement reference = Parsed("expected/tokenizer.json");
        Dictionary<int, string> pieces = Parsed("tokenizer/tokenizer.json").GetProperty("model").GetProperty("vocab").EnumerateObject()
            .ToDictionary(piece => piece.Value.GetInt32(), piece => piece.Name);
        IEnumerable<string> spelled = reference.GetProperty("instruction").GetProperty("ids").EnumerateArray().Skip(1)
            .Select(id => pieces[id.GetInt32()]);
        File.WriteAllText(_own, string.Concat(spelled).Replace('▁', ' ') + "\n");
        File.WriteAllText(
            _another,
            string.Join('\n', reference.GetProperty("own").GetProperty("lines").EnumerateArray().Select(line => line.GetString())));
        File.WriteAllText(Path.Combine(_root, "small.yaml"), """
            version: 1
            title: Small
            layers: [0, 6]
            seeds: 1
            instruction: another.txt
            sampler: {steps: 1, height: 32, width: 32}
            prompts:
              object: {template: "{a object}", sample: 1, right: has object}
            questions:
              has object: {ask: "Is there {a object}?", sees: {thing: object}, of: object}
            figures: {f: {title: T, rows: all, curves: {O: {yes: has object, of: object}}}}
            """);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(
        "own",
        "layer6.seed0.image",
        "the pipeline's own instruction (SHA-256 48290080bb4f); soft-capping off, as diffusers runs it"
    )]
    [InlineData(
        "own",
        "capped.layer6.image",
        "the pipeline's own instruction (SHA-256 48290080bb4f); soft-capping on, at 1.5",
        "--soft-capping",
        "on"
    )]
    [InlineData("", "images/no_instruction.image", "no instruction: prompts in the plain form; soft-capping off")]
    [InlineData("another", "images/own.image", "another instruction (SHA-256 ")]
    public void A_dump_is_what_diffusers_makes_and_the_form_is_told(string instruction, string name, string told, params string[] options)
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.Combine(_root, "dump.safetensors");
        string[] given = instruction == "" ? [] : ["--instruction", instruction == "own" ? _own : _another];
        string error = Run(
        [
            "lens", Prompt, "--model", Folder, "--layers", "6", "--height", "32", "--width", "32", "--steps", "5",
            "--max-sequence-length", "28", "--dtype", "float64", "--dump", file, "--out", Path.Combine(_root, "sheet.png"),
            .. given, .. options,
        ]).Error;
        Assert.Contains(told, error, StringComparison.Ordinal);
        (string expectedFile, string tensor) = name.Split('/') is [var other, var inner] ? (other, inner) : ("lens", name);
        using SafetensorsFile dump = SafetensorsFile.Open(file);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(Folder, "expected_double", $"{expectedFile}.safetensors"));
        Tensor difference = dump.Read("image.layer6.seed0").unsqueeze(0).sub(expected.Read(tensor)).abs().max();
        Assert.InRange(difference.item<double>(), 0, 1e-9);
    }

    [Fact]
    public void An_instruction_is_the_specs_or_the_command_lines_and_makes_other_images()
    {
        string[] run =
        [
            "run", Path.Combine(_root, "small.yaml"), "--model", Folder, "--only", "images", "--out", Path.Combine(_root, "results"),
        ];
        Assert.Contains("reads       another instruction", Run(run).Output, StringComparison.Ordinal);
        Assert.StartsWith("another instruction", Manifest().Instruction, StringComparison.Ordinal);
        Assert.Contains("2 are there", Run([.. run, "--dry-run"]).Output, StringComparison.Ordinal);
        Assert.Contains("0 are there", Run([.. run, "--instruction", _own, "--dry-run"]).Output, StringComparison.Ordinal);
        Assert.Contains("0 are there", Run([.. run, "--soft-capping", "on", "--dry-run"]).Output, StringComparison.Ordinal);
        Run([.. run, "--instruction", _own, "--soft-capping", "on"]);
        Assert.StartsWith("the pipeline's own instruction", Manifest().Instruction, StringComparison.Ordinal);
        Assert.Equal("on, at 1.5", Manifest().SoftCapping);
    }

    [Theory]
    [InlineData("there.txt", "there.txt")]
    [InlineData("empty.txt", "empty.txt: is empty")]
    public void An_instruction_that_is_none_is_one_line(string file, string error)
    {
        File.WriteAllText(Path.Combine(_root, "empty.txt"), "\n");
        string path = Path.Combine(_root, file);
        Assert.Contains(error, Run(["lens", Prompt, "--model", Folder, "--instruction", path]).Error, StringComparison.Ordinal);
        File.WriteAllText(
            Path.Combine(_root, "wrong.yaml"),
            File.ReadAllText(Path.Combine(_root, "small.yaml")).Replace("another.txt", file, StringComparison.Ordinal));
        string said = Run(["validate", Path.Combine(_root, "wrong.yaml")]).Error;
        Assert.Contains("wrong.yaml:5:", said, StringComparison.Ordinal);
        Assert.Contains(error, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an instruction is given, which Stable Diffusion does not put before prompts", "--instruction")]
    [InlineData("soft-capping is on, which this model of Stable Diffusion was not trained with", "--soft-capping", "on")]
    public void What_the_model_cannot_honor_is_one_line(string error, params string[] options)
        => Assert.StartsWith(
            $"dlens-repro: {error}",
            Run(["lens", Prompt, .. options is [var name] ? [name, _own] : options]).Error,
            StringComparison.Ordinal);

    private static JsonElement Parsed(string file)
        => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Folder, file)));

    private RunManifest Manifest() => RunManifest.Read(new ResultsFolder(Path.Combine(_root, "results")))!;

    private static (string Output, string Error) Run(string[] arguments)
    {
        using StringWriter output = new(), error = new();
        CommandLine.Run(arguments, new Terminal(output, error, TextReader.Null, IsInteractive: false, CancellationToken.None));
        return (output.ToString(), error.ToString().Trim());
    }
}
